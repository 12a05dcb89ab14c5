import type { Restore } from './restore.ts';

/**
 * A step of a restore. The process may die at any moment: a step that has begun but is not done is repeated by the next
 * run, so `act` must not do harm when it is repeated.
 */
export interface Step {
  /** The purpose of the step, in the imperative. */
  readonly title: string;
  /** Returns whether the step is done. Only reads, so a dry run may call it. */
  readonly isDone: (restore: Restore) => Promise<boolean> | boolean;
  /** Returns what a person must do before the step can go on; undefined if there is nothing. Only reads. */
  readonly ask?: (restore: Restore) => Promise<readonly string[] | undefined> | readonly string[] | undefined;
  /** Performs the step. Throws `RestoreError` if that is impossible. */
  readonly act?: (restore: Restore) => Promise<void>;
}
