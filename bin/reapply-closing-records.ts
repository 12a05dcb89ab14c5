import { Command } from 'commander';
import { openTable } from '../functions/table/engine/client.ts';
import { reapplyToTable } from './restore/reapply-to-table.ts';

/**
 * `npm run reapply-closing-records`: discards unsubscribed customers again after a backup was restored, before the
 * service uses the restored table. `npm run restore` does the same as one of its steps.
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
const { records, discarded, absent, cancelled } = await reapplyToTable(
  openTable(table, config),
  openTable(closingRecords, config),
  {
    log: (message, fields) => {
      console.error(message, JSON.stringify(fields));
    },
  },
);
console.log(
  `${records} closing records: discarded ${discarded} customers again; ${absent} are not in the table ${table}.`,
);
if (cancelled > 0)
  console.log(`Cancelled ${cancelled} pending unsubscriptions. Tell these customers: see the log lines above.`);
