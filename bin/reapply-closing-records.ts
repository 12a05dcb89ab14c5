import { Command } from 'commander';
import { createCalendar } from '../functions/domain/calendar.ts';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import { readKeptClosingRecords } from '../functions/table/closing-records.ts';
import { openTable } from '../functions/table/engine/client.ts';

/** `npm run reapply-closing-records`: a step of restoring a backup, before the restored table serves. */
const { table, closingRecords, endpoint } = new Command('reapply-closing-records')
  .description('Discards, in a restored table that does not serve yet, every customer that had unsubscribed.')
  .requiredOption('--table <name>', 'the restored table')
  .requiredOption('--closing-records <name>', 'the table of closing records')
  .option('--endpoint <url>', 'a DynamoDB on this machine (default: AWS, by the credentials and region in use)')
  .parse()
  .opts<{ table: string; closingRecords: string; endpoint?: string }>();

const config =
  endpoint === undefined
    ? { random: Math.random }
    : {
        random: Math.random,
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      };
const log = (message: string, fields = {}) => {
  console.error(message, JSON.stringify(fields));
};
const records = await readKeptClosingRecords(openTable(closingRecords, config));
const { discarded, absent } = await reapplyClosingRecords(
  {
    table: openTable(table, config),
    clock: { now: () => Date.now() },
    log: { info: log, warn: log, error: log },
    consoleUrl: '',
    // Only which partitions are looked at depends on it, and a month more at either end is looked at anyway.
    calendar: createCalendar('UTC'),
  },
  records,
);
console.log(
  `${records.length} closing records: ${discarded} customers were discarded again, ${absent} are not in ${table}.`,
);
