import { Command } from 'commander';
import { createCalendar } from '../functions/domain/calendar.ts';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import { readKeptClosingRecords } from '../functions/table/closing-records.ts';
import { openTable } from '../functions/table/engine/client.ts';

/**
 * `npm run reapply-closing-records`: discards unsubscribed customers again after a backup was restored, before the
 * service uses the restored table.
 */
const { table, closingRecords, endpoint } = new Command('reapply-closing-records')
  .description('Discards every unsubscribed customer in a restored table that the service does not use yet.')
  .requiredOption('--table <name>', 'the restored table')
  .requiredOption('--closing-records <name>', 'the table of closing records')
  .option(
    '--endpoint <url>',
    'the endpoint of a DynamoDB on this machine (default: AWS, with the current credentials and region)',
  )
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
const { discarded, absent, cancelled } = await reapplyClosingRecords(
  {
    table: openTable(table, config),
    clock: { now: () => Date.now() },
    log: { info: log, warn: log, error: log },
    consoleUrl: '',
    // The command uses the calendar only to list the months whose active-user partitions it discards. The list of
    // months begins a month early and ends a month late, so the time zone UTC is correct for a service in any time
    // zone.
    calendar: createCalendar('UTC'),
  },
  records,
);
console.log(
  `${records.length} closing records: discarded ${discarded} customers again; ${absent} are not in the table ${table}.`,
);
if (cancelled > 0)
  console.log(`Cancelled ${cancelled} pending unsubscriptions. Tell these customers: see the log lines above.`);
