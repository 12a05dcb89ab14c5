import { describeTarget, requireTarget, type Restore } from './restore.ts';
import { tag, tagsOf } from './tables.ts';

/** The prefix of the tags with which the restored table remembers steps that leave no other trace. */
const MARK = 'restore:';

/** The step that reapplied the closing records. The value of the mark is the `digestOf` these records. */
export const REAPPLIED = 'closing-records';
/** The step that found the service running with the restored table. */
export const STARTED = 'started';

/** Returns whether the tag with a key is a mark of a restore. */
export const isMark = (key: string): boolean => key.startsWith(MARK);

/** Returns the value with which a step was marked; undefined if it is not marked. */
export async function markOf(restore: Restore, step: string): Promise<string | undefined> {
  const table = await describeTarget(restore);
  return table && (await tagsOf(restore.clients.dynamodb, table)).get(`${MARK}${step}`);
}

/** Returns the time at which a step was marked, in epoch milliseconds; undefined if it is not marked. */
export async function markedAt(restore: Restore, step: string): Promise<number | undefined> {
  const time = await markOf(restore, step);
  return time === undefined ? undefined : Date.parse(time);
}

/** Marks a step as done, with a tag of the restored table. `value` is the current time by default. */
export async function mark(restore: Restore, step: string, value?: string): Promise<void> {
  const marked = value ?? new Date(restore.clock.now()).toISOString();
  await tag(restore.clients.dynamodb, await requireTarget(restore), new Map([[`${MARK}${step}`, marked]]));
}
