import { Command, CommanderError } from 'commander';
import { Fido2ConnectionError, Fido2Problem } from 'fido2-server-service-sdk';
import { StageError } from '../../config/stage.ts';
import { stages as ownStages } from '../../config/stages.ts';
import type { ClientSettings } from '../preflight/questions.ts';
import { UnansweredError } from '../aws/unanswered-error.ts';
import { openApi } from './api.ts';
import { cleanUp, customerOf, howToUnsubscribe, rpOf } from './clean-up.ts';
import { checkEntrances } from './entrances.ts';
import { findTarget, type Target } from './find-target.ts';
import { tourPasskeys } from './passkey-tour.ts';
import { createReport, type Report } from './report.ts';
import { signUp, type Ask, type Representative } from './sign-up.ts';
import { SmokeError } from './smoke-error.ts';

/** The parts of the process and the outside world that the smoke test uses. Tests replace all of them. */
export interface SmokeSurroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly ask: Ask;
  /** Calls a function when the operator stops the smoke test. @default - nobody stops it */
  readonly onStop?: (stopped: () => void) => void;
  /** @default - `config/stages.ts` */
  readonly stages?: Readonly<Record<string, unknown>>;
  /** @default - the SDK's default chain */
  readonly clients?: ClientSettings;
  /** @default - the global `fetch` */
  readonly fetch?: typeof fetch;
  /** How often the MAU are read, once a second, until the user is counted. @default 60 */
  readonly reads?: number;
}

interface Options {
  readonly stage: string;
  readonly email: string;
  readonly link?: string;
  readonly url?: string;
  readonly apiUrl?: string;
  readonly keep?: true;
}

/**
 * Runs the smoke test and prints a line for each step. Returns the exit code: 0 if every step passed, 1 after a failed
 * step or an error of the command line. After a failed step, removes what it has created, and prints what is left.
 */
export async function runSmokeTest(args: readonly string[], surroundings: SmokeSurroundings): Promise<number> {
  const { stdout, stderr, onStop } = surroundings;
  const report = createReport(stdout);
  onStop?.(() => {
    report.showLeft();
  });
  const program = new Command('smoke')
    .description('Uses a deployed stage as a new customer and its RP do, and removes everything that it has created.')
    .requiredOption('--stage <name>', 'the stage of config/stages.ts')
    .requiredOption(
      '--email <address>',
      'an address whose e-mails you can read, and that no administrator of the stage has',
    )
    .option('--link <link>', 'the link from the e-mail of an earlier run, instead of a new sign-up')
    .option('--url <url>', 'the URL of the console (default: the output ConsoleUrl of the console stack)')
    .option('--api-url <url>', "the API's own URL (default: the output ApiUrl of the API stack)")
    .option('--keep', 'remove nothing at the end, and print what is left')
    .helpOption('--help', 'show this help')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride()
    .addHelpText(
      'after',
      `
The smoke test signs up a customer, and asks you to paste the link from the e-mail. A script can write the
link to standard input. A software authenticator registers a passkey and signs in. The exit code is 1
after a failed step.

  npm run smoke -- --stage production --email you+smoke@example.com`,
    );
  try {
    program.parse(args, { from: 'user' });
    await runSteps(report, program.opts<Options>(), surroundings);
    report.showLeft();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    report.showLeft();
    if (isExpected(error)) return 1;
    throw error;
  }
}

/** Returns whether the report has already shown an error, as the failure of a step. */
const isExpected = (error: unknown) =>
  [SmokeError, StageError, UnansweredError, Fido2Problem, Fido2ConnectionError].some((kind) => error instanceof kind);

async function runSteps(report: Report, options: Options, surroundings: SmokeSurroundings): Promise<void> {
  const { stages = ownStages, clients = {}, fetch: send = fetch, reads = 60, ask } = surroundings;
  const { stage, email, link, url, apiUrl, keep } = options;
  const target = await report.step('stage', async () => {
    const value: Target = await findTarget(stages, stage, { url, apiUrl, clients });
    return { found: `${stage} is at ${value.url}`, value };
  });
  const api = openApi(target.url, send);
  const direct = target.apiUrl === undefined ? undefined : openApi(target.apiUrl, send);
  await checkEntrances(report, { console: api, direct, refuses: target.refuses });
  // The servers of RPs call the API's own URL, unless it refuses them.
  const forRps = direct && target.refuses !== 'all' ? direct : api;

  const representative: Representative = await signUp(report, { api, ask, email, link });
  report.made(customerOf(representative), howToUnsubscribe(representative, stage));
  let rp: string | undefined;
  const clean = () => cleanUp(report, { api, ask, rp, representative });
  try {
    await tourPasskeys(report, { console: api, forRps, fetch: send, reads }, representative, (id) => {
      rp = id;
      report.made(rpOf(id), 'Run the smoke test again with the same address: it removes the RP.');
    });
  } catch (error) {
    if (!keep && isExpected(error)) await clean().catch(() => undefined); // The report shows what could not be removed.
    throw error;
  }
  if (!keep) await clean();
}
