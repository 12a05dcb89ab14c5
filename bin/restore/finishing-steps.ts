import { InvokeCommand } from '@aws-sdk/client-lambda';
import { RestoreError } from './restore-error.ts';
import { howToDelete } from './how-to-delete.ts';
import { mark, markedAt, STARTED } from './marks.ts';
import { requireTarget, type Restore } from './restore.ts';
import { deployAndRepeat, usesOnlyTarget, withPresentState } from './stage-state.ts';
import type { Step } from './step.ts';
import * as tables from './tables.ts';

const DAY = 24 * 60 * 60 * 1_000;
/** How long pages must not delete passkeys that the service does not know, in milliseconds. */
const NO_SIGNALS_FOR = 7 * DAY;
/** How long the former table may stay, in milliseconds: as long as backups keep discarded data. */
const FORMER_TABLE_FOR = 35 * DAY;

/** Returns a step that runs a scheduled function once. A repeated run of a scheduled function does no harm. */
function running(name: string, title: string): Step {
  return {
    title,
    isDone: async (restore) => (await markedAt(restore, name)) !== undefined,
    act: async (restore) => {
      const { clients, deployment, print } = restore;
      const found = deployment.functions.find(({ logicalId }) => logicalId.startsWith(name.replaceAll('-', '')));
      if (!found) throw new RestoreError(`The stacks contain no function ${name}.`);
      const { FunctionError, Payload } = await clients.invoking.send(new InvokeCommand({ FunctionName: found.name }));
      const answer = Payload?.transformToString() ?? '';
      if (FunctionError !== undefined) {
        throw new RestoreError(`The function ${found.name} failed: ${answer}. Read its log, and repeat the command.`);
      }
      print(`         ${name}: ${answer}`);
      await mark(restore, name);
    },
  };
}

/** The steps after the service has started: run the scheduled functions once, and remove the former table. */
export const finishingSteps: readonly Step[] = [
  running('update-metadata', 'Update the metadata about authenticators'),
  running('close-months', 'Close the months that are due'),
  running('send-mau-alerts', 'Send the MAU alerts that are due'),
  running('recount-active-users', 'Begin to recount the active users'),
  {
    title: 'Let pages delete unknown passkeys again, 7 days after the start',
    isDone: async (restore) => (await markedAt(restore, STARTED)) !== undefined && signalsAgain(restore),
    ask: async (restore) => {
      const started = (await markedAt(restore, STARTED)) ?? restore.clock.now();
      const from = started + NO_SIGNALS_FOR;
      return [
        `${restore.clock.now() < from ? `After ${iso(from)}, remove` : 'Remove'} this from the stage ${restore.stage}:`,
        '  signalsUnknownCredentials: false,',
        deployAndRepeat(restore),
      ];
    },
  },
  {
    // The former table and its backups would keep the data of customers that unsubscribe after the restore. If the
    // former table was restored itself, the table before it may still exist. Only the former table names that one, so
    // the oldest table is deleted first. If the process dies after it has switched off the backups of a table, the next
    // run deletes the table.
    title: 'Delete the former table',
    isDone: async (restore) =>
      (await usesOnlyTarget(restore)) &&
      restore.deployment.ownTable === undefined &&
      (await formerTables(restore)).length === 0,
    ask: async (restore) => {
      const { ownTable } = restore.deployment;
      const former = await formerTables(restore);
      const restoredAt = former.at(-1)?.restoredAt ?? (await requireTarget(restore)).CreationDateTime?.getTime() ?? 0;
      const before = `Before ${iso(restoredAt + FORMER_TABLE_FOR)}`;
      const names = former.map(({ name }) => name);
      if (ownTable !== undefined) {
        return [
          `${before}, and once you are sure that you need the table ${ownTable} no more, add this to the stage ${restore.stage}:`,
          '  keepsOwnTable: false,',
          deployAndRepeat(restore),
          // The next run does not find this table if a table that served after it has been deleted already.
          ...(names.includes(ownTable) ? [] : ['After this deployment, delete the table:', ...howToDelete(ownTable)]),
        ];
      }
      if (names.every((name) => restore.deleteFormerTable?.includes(name))) return undefined;
      return [`${before}, repeat this command with --delete-former-table ${names.join(' ')}`];
    },
    act: async (restore) => {
      if (!(await usesOnlyTarget(await withPresentState(restore)))) {
        throw new RestoreError(
          `Not every function and stream consumer uses the table ${restore.target}. Deploy all stacks again, and repeat the command.`,
        );
      }
      for (const { name } of (await formerTables(restore)).reverse()) await deleteWithBackups(restore, name);
    },
  },
];

const formerTables = ({ clients, target }: Restore) => tables.formerTablesOf(clients.dynamodb, target);

/** Switches the backups and the protection of a table off, deletes the table, and waits until it is deleted. */
async function deleteWithBackups({ clients, wait }: Restore, name: string): Promise<void> {
  const { dynamodb } = clients;
  const describe = () => tables.describeTable(dynamodb, name);
  const table = await describe();
  if ((await tables.backupsOf(dynamodb, name)) !== undefined) await tables.setBackups(dynamodb, name, false);
  if (table?.DeletionProtectionEnabled === true)
    await tables.updateTable(dynamodb, name, { DeletionProtectionEnabled: false });
  // DynamoDB deletes no table whose settings it still changes.
  for (let left = await describe(); left; left = await describe()) {
    if (left.TableStatus === 'ACTIVE') await tables.deleteTable(dynamodb, name);
    await wait(tables.POLL_INTERVAL);
  }
}

const iso = (time: number) => new Date(time).toISOString();

/** Returns whether every function that can tell pages to delete unknown passkeys does so. */
function signalsAgain({ deployment }: Restore): boolean {
  return deployment.functions.every(({ signalsUnknownCredentials }) => signalsUnknownCredentials !== false);
}
