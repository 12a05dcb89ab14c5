import type { CustomerDetails, OperatorResults } from './invoke-operator.ts';
import { counts, grouped } from './layout.ts';
import { moneyText } from './money-text.ts';

type License = CustomerDetails['licenseInForce'];
type Set = OperatorResults['set-license'];
type SetShown = Pick<Set, 'set' | 'licenses' | 'customerId' | 'dryRun'>;
type MonthBill = Set['set']['bills'][number];
type Cancelled = OperatorResults['cancel-license'];

/**
 * Formats a new license, the consequences of the new license for other licenses and for the bills, and the upcoming
 * licenses. With `dryRun`, says that the command changed nothing.
 */
export function showSet({ set, licenses, customerId, dryRun = false }: SetShown): string {
  const { license, endedPaid } = set;
  const ended = endedPaid?.license;
  const replaced = set.takesPlaceOf.filter(({ startsAt }) => startsAt !== ended?.startsAt);
  const consequences = [
    ended && `it ends the paid license ${named(ended, license.startsAt)}`,
    replaced.length > 0 && `it replaces ${listOf(replaced.map((each) => named(each, license.startsAt)))}`,
    set.untilThen.length > 0 && untilThen(set.untilThen, license.startsAt),
  ].filter((consequence) => typeof consequence === 'string');
  return [
    `${dryRun ? 'Would set' : 'Set'}: ${[`${termsOf(license)}${hasExpired(license, license.setAt) ? ', already expired' : ''}`, ...consequences].join('; ')}.`,
    ...afterEnd(license),
    ...(endedPaid ? [lastBilled(endedPaid)] : []),
    ...(set.cancelsUnsubscription
      ? [`The paid license ${dryRun ? 'would cancel' : 'cancelled'} the pending unsubscription.`]
      : []),
    ...inForceLines(set.inForce),
    ...set.bills.map(billLine),
    ...(set.keptThrough === null
      ? []
      : [`The statements through ${set.keptThrough} do not change, because these months are closed.`]),
    ...stillToStart(customerId, licenses, license.startsAt),
    ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
  ].join('\n');
}

/** Formats a cancelled license, the license that stays in force, the bills, and the upcoming licenses. */
export function showCancelled({ cancelled, licenses, customerId }: Cancelled): string {
  const { license, goesOn } = cancelled;
  return [
    `Cancelled: ${termsOf(license)}; it never starts. ${named(goesOn, license.startsAt)} stays in force.`,
    ...cancelled.bills.map(billLine),
    ...stillToStart(customerId, licenses, license.startsAt),
  ].join('\n');
}

/** Returns two lines with the licenses in force before and after the change, or none if the same license stays. */
function inForceLines({ before, after }: Set['set']['inForce']): string[] {
  if (before.setAt === after.setAt && before.startsAt === after.startsAt) return [];
  return [`In force before: ${termsOf(before)}.`, `In force after: ${termsOf(after)}.`];
}

/** Returns a line that says which license bills a month, and the fee so far, before and after the change. */
function billLine({ month, mau, before, after }: MonthBill): string {
  const [by, fee] = [billedBy(after.license), feeText(after.overageFee)];
  const [formerBy, formerFee] = [billedBy(before.license), feeText(before.overageFee)];
  const instead = (former: string, now: string) => (former === now ? '' : ` instead of ${former}`);
  const changes = by === formerBy ? 'unchanged, ' : '';
  return `Bill of ${month}: ${changes}by ${by}${instead(formerBy, by)}; so far ${grouped(mau)} MAU, ${fee}${instead(formerFee, fee)}.`;
}

const feeText = (fee: MonthBill['after']['overageFee']) => (fee ? moneyText(fee) : 'no fee');

/** Returns the type of a license, and for a paid license the terms that determine the fee. */
function billedBy(license: License): string {
  if (license.type === 'free') return nameOf(license.type);
  const each = moneyText(license.overageFeePerMau);
  return `${nameOf(license.type)} (${grouped(license.maxMau)} MAU, then ${each} each)`;
}

function untilThen(licenses: readonly License[], start: string): string {
  const names = licenses.map((license) => named(license, start));
  return `until ${start}, ${names.join(', then ')} ${names.length === 1 ? 'stays' : 'stay'} in force`;
}

/** Returns a line that says what follows if a license with an end is not replaced. */
function afterEnd(license: License): string[] {
  const { type, endsAt, setAt } = license;
  if (endsAt === null) return [];
  const consequence = hasExpired(license, setAt)
    ? 'Until another license starts, nothing new can be registered'
    : `If no other license starts by ${endsAt}, nothing new can be registered after that time`;
  return [`${consequence}, and each month is still billed by ${nameOf(type)}.`];
}

/**
 * Returns a sentence that names the last month for which a customer pays after a Free license ended the customer's paid
 * license, or that says that no month is billed. If the Free license starts in the middle of a month, the customer does
 * not pay for this month.
 */
function lastBilled({ lastBilled: last }: NonNullable<Set['set']['endedPaid']>): string {
  const rule = 'a month is billed by the license in force at its end';
  if (!last) return `No month is billed by the license that ended: ${rule}.`;
  return `The last paid month, ${last.month}, is still billed, by ${nameOf(last.type)}: ${rule}.`;
}

/**
 * Returns a line for each upcoming license except the changed license, with the command that cancels the upcoming
 * license.
 */
function stillToStart(customerId: string, licenses: CustomerDetails['licenses'], changed: string): string[] {
  return licenses
    .filter(({ state, startsAt }) => state === 'scheduled' && startsAt !== changed)
    .map(
      (license) =>
        `Still upcoming: ${termsOf(license)}. "license cancel ${customerId} --starts ${license.startsAt}" cancels this license.`,
    );
}

const nameOf = (type: License['type']) => `${type.charAt(0).toUpperCase()}${type.slice(1)}`;

const timesOf = ({ startsAt, endsAt }: License) => `from ${startsAt} ${endsAt === null ? 'on' : `to ${endsAt}`}`;

const hasExpired = ({ endsAt }: License, at: string) => endsAt !== null && Date.parse(endsAt) <= Date.parse(at);

/** Returns the type and times of a license, with the words "expired by then" if the license ends at or before `at`. */
function named(license: License, at: string): string {
  const expired = hasExpired(license, at) ? ', expired by then' : '';
  return `${nameOf(license.type)} (${timesOf(license)}${expired})`;
}

function termsOf(license: License): string {
  const { maxRegisteredRps: rps } = license;
  const counted =
    license.type === 'free' ? counts(license.maxRegisteredUsers, 'user') : `${grouped(license.maxMau)} MAU`;
  return `${nameOf(license.type)} ${timesOf(license)}, ${counted}, ${counts(rps, 'RP')}`;
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.slice(-1).join('')}`;
}
