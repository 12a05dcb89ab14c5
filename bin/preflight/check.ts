import type { Stage } from '../../config/stage.ts';
import type { Aws } from './questions.ts';
import type { Dns } from './dns.ts';

/** The information with which the checks work. */
export interface Context {
  readonly stage: Stage;
  /** The answers of AWS. Each question is asked once, however many checks need its answer. */
  readonly aws: Aws;
  readonly dns: Dns;
  /** The region of the stage. */
  readonly region: string;
  /** The current time in epoch milliseconds. */
  readonly now: number;
}

/**
 * The result of a check. `fine`: nothing to do. `hint`: nothing has to be done now. `to do`: the operator must do
 * something, which `next` names. `not checked`: AWS or the name servers did not answer.
 */
export interface Finding {
  readonly state: 'fine' | 'hint' | 'to do' | 'not checked';
  /** The state that the check found, in a short sentence. */
  readonly found: string;
  /** The next step of the operator: commands, DNS records, settings or pages of the AWS console. */
  readonly next?: string;
}

export interface Check {
  /** The name of the check in the output. */
  readonly name: string;
  /** Returns what the check found. Throws `UnansweredError` if AWS or the name servers do not answer. */
  readonly run: (context: Context) => Finding | Promise<Finding>;
}

export const fine = (found: string): Finding => ({ state: 'fine', found });
export const hint = (found: string, next?: string): Finding => ({
  state: 'hint',
  found,
  ...(next !== undefined && { next }),
});
export const toDo = (found: string, next: string): Finding => ({ state: 'to do', found, next });

/**
 * Returns a finding about something that customers need. A stage that is not `retained` has no customers, so there the
 * finding is only a hint.
 */
export const forCustomers = ({ retained }: Pick<Stage, 'retained'>, found: string, next: string): Finding =>
  retained ? toDo(found, next) : hint(found, next);
