import { runSmokeTest, type SmokeSurroundings } from '../../bin/smoke/command-line.ts';
import { exampleStages } from '../support/example-stages.ts';
import type { TestService } from '../support/service.ts';

/** The result of a smoke test. */
export interface SmokeRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The state of each step whose line was printed. */
  readonly steps: Readonly<Record<string, string>>;
  readonly email: string;
}

/** The options of a run, of which each has a default. */
export interface SmokeOptions extends Partial<SmokeSurroundings> {
  readonly email?: string;
  readonly more?: readonly string[];
  readonly urls?: readonly string[];
}

/** The customer of a smoke test, as the service's table contains it. */
export interface SmokeCustomer {
  readonly customerId: string;
  readonly name: string;
  readonly representative: { readonly email: string };
  readonly registeredRps: number;
  readonly registeredUsers: number;
  readonly isLeaving: boolean;
}

/**
 * Returns functions that run the smoke test against a service, in this process. Each function calls `latest` to get the
 * service, because the tests start it later.
 */
export function smokeRunsOf(latest: () => TestService) {
  /** Returns the newest link to an address as the e-mail contains it. */
  const linkIn = async (email: string) => `${latest().url}/sign-in#token=${await latest().linkTo(email)}`;

  /** Runs the smoke test as an operator who pastes the e-mailed link. */
  async function smoke({
    email = latest().newEmail(),
    more = [],
    urls = ['--url', latest().url, '--api-url', latest().url.replace('localhost', '127.0.0.1')],
    ...surroundings
  }: SmokeOptions = {}): Promise<SmokeRun> {
    let stdout = '';
    let stderr = '';
    const exitCode = await runSmokeTest(['--stage', 'development', '--email', email, ...urls, ...more], {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      ask: () => linkIn(email),
      reads: 60,
      stages: exampleStages,
      ...surroundings,
    });
    const steps = Object.fromEntries(
      stdout.split('\n').flatMap((line) => {
        const [, name = '', state = ''] = /^(\S.*?) {2,}(ok|failed|skipped) {2,}/.exec(line) ?? [];
        return name === '' ? [] : [[name, state]];
      }),
    );
    return { exitCode, stdout, stderr, steps, email };
  }

  /** Returns the customer whose representative has an address. */
  async function customerOf(email: string): Promise<SmokeCustomer | undefined> {
    const { result } = await latest().operate({ command: 'list-customers' });
    const { items } = result as { items: { customerId: string }[] };
    const details = await Promise.all(
      items.map(async ({ customerId }) => {
        const shown = await latest().operate({ command: 'show-customer', customerId });
        return shown.result as Omit<SmokeCustomer, 'isLeaving'> & { readonly pendingUnsubscription?: object | null };
      }),
    );
    const found = details.find(({ representative }) => representative.email === email);
    return found && { ...found, isLeaving: Boolean(found.pendingUnsubscription) };
  }

  return { linkIn, smoke, customerOf };
}
