/** The input of a call to AWS. */
export type Input = Readonly<Record<string, unknown>>;
/** A call to AWS: the name of its command, and its input. */
export interface Called {
  readonly commandName: string;
  readonly input: Input;
}
/** The faked calls, by the names of their commands. Each takes its input and returns its output. */
export type Calls = Readonly<Record<string, (input: Input) => unknown>>;

export const textOf = (input: Input, name: string): string => String(input[name]);
