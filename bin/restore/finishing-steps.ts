import { InvokeCommand } from '@aws-sdk/client-lambda';
import { RestoreError } from './restore-error.ts';
import { mark, markedAt } from './marks.ts';
import { describeTarget, formerTableOf, requireTarget, type Restore } from './restore.ts';
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
    isDone: async (restore) => (await markedAt(restore, 'started')) !== undefined && signalsAgain(restore),
    ask: async (restore) => {
      const started = (await markedAt(restore, 'started')) ?? restore.clock.now();
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
    // process dies after it has switched off the backups, the next run deletes the table.
    title: 'Delete the former table',
    isDone: async (restore) => {
      const table = await describeTarget(restore);
      return (
        table !== undefined &&
        (await usesOnlyTarget(restore)) &&
        (await tables.describeTable(restore.clients.dynamodb, formerTableOf(table))) === undefined
      );
    },
    ask: async (restore) => {
      const table = await requireTarget(restore);
      const former = formerTableOf(table);
      const until = (table.CreationDateTime?.getTime() ?? 0) + FORMER_TABLE_FOR;
      if (restore.deployment.ownTables.includes(former)) {
        return [
          `Before ${iso(until)}, and once you are sure that you need the table ${former} no more, add this to the stage ${restore.stage}:`,
          '  keepsOwnTable: false,',
          deployAndRepeat(restore),
        ];
      }
      if (restore.deleteFormerTable === former) return undefined;
      return [`Before ${iso(until)}, repeat this command with --delete-former-table ${former}`];
    },
    act: async (restore) => {
      const { dynamodb } = restore.clients;
      const former = formerTableOf(await requireTarget(restore));
      if (!(await usesOnlyTarget(await withPresentState(restore)))) {
        throw new RestoreError(
          `Not every function and stream consumer uses the table ${restore.target}. Deploy all stacks again, and repeat the command.`,
        );
      }
      const describe = () => tables.describeTable(dynamodb, former);
      const table = await describe();
      if ((await tables.backupsOf(dynamodb, former)) !== undefined) await tables.setBackups(dynamodb, former, false);
      if (table?.DeletionProtectionEnabled === true)
        await tables.updateTable(dynamodb, former, { DeletionProtectionEnabled: false });
      // DynamoDB deletes no table whose settings it still changes.
      for (let left = await describe(); left; left = await describe()) {
        if (left.TableStatus === 'ACTIVE') await tables.deleteTable(dynamodb, former);
        await restore.wait(tables.POLL_INTERVAL);
      }
    },
  },
];

const iso = (time: number) => new Date(time).toISOString();

/** Returns whether every function that can tell pages to delete unknown passkeys does so. */
function signalsAgain({ deployment }: Restore): boolean {
  return deployment.functions.every(({ signalsUnknownCredentials }) => signalsUnknownCredentials !== false);
}
