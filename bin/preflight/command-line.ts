import { Resolver } from 'node:dns/promises';
import { Command, CommanderError } from 'commander';
import { readStage, StageError } from '../../config/stage.ts';
import { stages as ownStages } from '../../config/stages.ts';
import { checks } from './checks.ts';
import { openDns, type DnsResolver } from './dns.ts';
import { preflightPolicy } from './policy.ts';
import { openAws, type ClientSettings } from './questions.ts';
import { mustAct, runChecks } from './run-checks.ts';
import { showResults } from './show.ts';
import { UnansweredError } from '../aws/unanswered-error.ts';

/** The parts of the process and the outside world that the preflight uses. Tests replace all of them. */
export interface PreflightSurroundings {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** @default - `config/stages.ts` */
  readonly stages?: Readonly<Record<string, unknown>>;
  /** @default - the SDK's default chain */
  readonly clients?: ClientSettings;
  /** @default - the name servers of this machine */
  readonly resolver?: DnsResolver;
  /** The current time in epoch milliseconds. @default - now */
  readonly now?: number;
}

interface Options {
  readonly stage?: string;
  readonly json?: true;
  readonly policy?: true;
}

/**
 * Runs the preflight and prints its results. Changes nothing in AWS. Returns the exit code: 0 if nothing has to be
 * done, 1 if something has to be done, if a check has no answer, or after an error of the command line.
 */
export async function runPreflight(args: readonly string[], surroundings: PreflightSurroundings): Promise<number> {
  const { stdout, stderr, stages = ownStages } = surroundings;
  const program = new Command('preflight')
    .description('Checks, before and after a deployment, what an AWS account needs to run a stage. Changes nothing.')
    .option('--stage <name>', 'the stage of config/stages.ts to check')
    .option('--json', 'print the results as JSON')
    .option('--policy', 'print the smallest IAM policy with which the preflight can check everything')
    .helpOption('--help', 'show this help')
    .configureOutput({ writeOut: (text) => stdout.write(text), writeErr: (text) => stderr.write(text) })
    .exitOverride()
    .addHelpText(
      'after',
      `
Each check prints a line: fine; hint, if nothing has to be done now; to do, with the next step; or
not checked, if a right is missing or nobody answered. The exit code is 1 if a check says "to do" or
"not checked". The current AWS credentials and region (AWS_PROFILE, AWS_REGION) choose the account.

  npm run preflight -- --stage production`,
    );
  try {
    program.parse(args, { from: 'user' });
    const { stage: name, json, policy } = program.opts<Options>();
    if (policy) {
      stdout.write(`${JSON.stringify(preflightPolicy(), null, 2)}\n`);
      return 0;
    }
    if (name === undefined) return program.error('error: Name the stage with --stage <name>.');
    const results = await check(name, stages, surroundings);
    stdout.write(`${json ? JSON.stringify(results, null, 2) : showResults(results)}\n`);
    return mustAct(results) ? 1 : 0;
  } catch (error) {
    // Commander throws this error after it has printed the help or a usage error.
    if (error instanceof CommanderError) return error.exitCode;
    if (!(error instanceof StageError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function check(
  name: string,
  stages: Readonly<Record<string, unknown>>,
  { clients = {}, resolver = new Resolver({ timeout: 2_000, tries: 2 }), now = Date.now() }: PreflightSurroundings,
) {
  const stage = readStage(stages, name);
  const opened = openAws(clients);
  try {
    const dns = openDns(resolver);
    return await runChecks(checks, { stage, aws: opened.aws, dns, now, region: await regionOrNone(opened.region) });
  } finally {
    opened.close();
  }
}

/** Returns the region, or a placeholder if none is set: the checks then report that there is no region. */
async function regionOrNone(region: () => Promise<string>): Promise<string> {
  try {
    return await region();
  } catch (error) {
    if (error instanceof UnansweredError) return '<region>';
    throw error;
  }
}
