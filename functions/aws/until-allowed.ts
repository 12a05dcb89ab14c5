import type { Clock } from '../domain/time.ts';
import { MINUTE, SECOND } from '../domain/time.ts';

/** How long `untilAllowed` tries, in milliseconds. IAM usually applies a new policy within seconds. */
const LONGEST = MINUTE;
/** The pause between two tries, in milliseconds. */
const PAUSE = 5 * SECOND;

export interface UntilAllowedServices {
  readonly clock: Clock;
  /** Waits for this number of milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * Calls `call` again, after a pause of 5 seconds, while AWS denies the call, for up to a minute. Then throws an `Error`
 * that says what to do, with the last denial as its cause. Throws any other error of `call` at once.
 *
 * A new role has no effective rights for some seconds: "changes that you make in IAM […] take time to become visible
 * from all possible endpoints" (Troubleshoot IAM: Changes that I make are not always immediately visible, in the AWS
 * Identity and Access Management User Guide). CloudFormation does not wait for them.
 */
export async function untilAllowed<T>({ clock, pause }: UntilAllowedServices, call: () => Promise<T>): Promise<T> {
  const end = clock.now() + LONGEST;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isDenied(error)) throw error;
      if (clock.now() + PAUSE > end) {
        throw new Error(
          'The role of this function still has no access to the table after a minute. Deploy again. If the deployment fails again, check whether a policy of your organization denies the access.',
          { cause: error },
        );
      }
      await pause(PAUSE);
    }
  }
}

const isDenied = (error: unknown) => error instanceof Error && error.name === 'AccessDeniedException';
