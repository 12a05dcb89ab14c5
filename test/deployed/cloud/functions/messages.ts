/** The messages between the harness and the process of a function. */

export interface Invocation {
  readonly event: unknown;
  readonly context: {
    readonly awsRequestId: string;
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
  /** The time at the start of the invocation, in epoch milliseconds. The clock of the process continues from it. */
  readonly now: number;
  /** The time-out of the invocation, in milliseconds. */
  readonly lasts: number;
}
export type ToProcess = Invocation;

/** The error of an invocation, in the form in which Lambda returns it to the caller. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
/** The result of an invocation: JSON that the handler returned, or an error. */
export type Outcome = { readonly payload: string } | { readonly error: FunctionError };
export type FromProcess = Outcome | { readonly log: string };
