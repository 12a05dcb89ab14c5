import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { readKeptClosingRecords } from '../functions/table/closing-records.ts';
import { openTable } from '../functions/table/engine/client.ts';
import { isAboutAws, unanswered } from './aws/unanswered-error.ts';
import { openClients } from './restore/clients.ts';
import { restorePolicy } from './restore/policy.ts';
import { printCustomers, reapplyToTable } from './restore/reapply-to-table.ts';
import { RestoreError } from './restore/restore-error.ts';
import { runRestore } from './restore/run-restore.ts';

/**
 * `npm run restore`: restores the table of a stage to an earlier time, as docs/runbook.md describes. Prints the steps.
 * The exit code is 0 if all steps are done, 2 if a person must act before the next run, and 1 after an error.
 */
const { stage, time, dryRun, deleteFormerTable } = new Command('restore')
  .description('Restores the table of a stage from its backup. Repeat the command until it says that it is complete.')
  .requiredOption('--stage <name>', 'the stage, in the account and region of the current credentials')
  .requiredOption('--time <time>', 'the time to restore, such as 2026-11-30T01:00:00Z', toTime)
  .option('--dry-run', 'print which steps are done and which are not, and change nothing')
  .option('--delete-former-table <names...>', 'delete the tables that served before, in the last step')
  .option('--policy', 'print the smallest IAM policy with which the restore can perform all steps')
  // Before the parser requires the other options.
  .on('option:policy', () => {
    console.log(JSON.stringify(restorePolicy(), null, 2));
    process.exit(0);
  })
  .parse()
  .opts<{ stage: string; time: Date; dryRun?: true; deleteFormerTable?: string[] }>();

const print = (line: string) => {
  console.log(line);
};
try {
  const outcome = await runRestore(
    { stage, at: time, isDryRun: dryRun, deleteFormerTable },
    {
      clients: openClients(),
      clock: { now: () => Date.now() },
      wait: sleep,
      print,
      reapply: ({ table, closingRecords }, at) => {
        const open = (name: string) => openTable(name, { random: Math.random });
        return reapplyToTable(open(table), open(closingRecords), { at, log: printCustomers(print) });
      },
      readClosingRecords: (name) => readKeptClosingRecords(openTable(name, { random: Math.random })),
    },
  );
  if (outcome === 'waiting') process.exitCode = 2;
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

/** Returns what to tell the operator about an error. Throws the error if nobody expects it. */
function explain(error: unknown): string {
  if (error instanceof RestoreError) return error.message;
  if (!isAboutAws(error)) throw error;
  const { message, next } = unanswered(error, undefined, `the stage ${stage}`);
  return `The restore cannot go on: ${message}. ${next}`;
}

function toTime(text: string): Date {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError('It must be a time in whole seconds with an offset, such as 2026-11-30T01:00:00Z.');
  }
  return new Date(text);
}
