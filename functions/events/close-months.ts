import type { Context, ScheduledEvent } from 'aws-lambda';
import { openCopies } from '../aws/copies.ts';
import { closeAndCopy, type ClosingServices } from '../domain/statements/close-and-copy.ts';
import type { Copies } from '../domain/statements/copy-records.ts';
import { MINUTE } from '../domain/time.ts';
import { hasCopies, onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';
import { readKeptClosingRecords } from '../table/closing-records.ts';
import { openTable } from '../table/engine/client.ts';

/**
 * A run of this Lambda function begins to close a month of a customer, or to copy records, only while more than this
 * time, in milliseconds, remains before the Lambda time-out. The time is enough for a customer with many RPs and users.
 */
const RESERVE = 3 * MINUTE;
/**
 * Creates the hourly Lambda function that closes months, and that copies statements and closing records in a stage with
 * copies. Each run ends before the time-out of the Lambda function, and the next run continues. If a run throws an
 * `Error`, it does not count as a completed run, and the operator gets an alarm.
 */
export function build(services: ClosingServices) {
  return (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) =>
    closeAndCopy(services, () => context.getRemainingTimeInMillis() > RESERVE);
}

export const handler = onLambda(() =>
  build({ ...withCalendar(servicesFromEnvironment()), copies: copiesFromEnvironment() }),
);

function copiesFromEnvironment(): Copies | undefined {
  if (!hasCopies()) return undefined;
  const closingRecords = openTable(setting('CLOSING_RECORDS_TABLE_NAME'), { random: Math.random });
  const bucket = setting('COPIES_BUCKET');
  return {
    bucket,
    keep: openCopies({ bucket, region: setting('COPIES_REGION') }),
    readClosingRecords: () => readKeptClosingRecords(closingRecords),
  };
}
