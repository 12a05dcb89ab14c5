import type { CustomerDetails } from './invoke-operator.ts';
import { counts, grouped, pairs, table, type Section } from './layout.ts';

type License = CustomerDetails['licenseInForce'];
type KeptLicense = CustomerDetails['licenses'][number];

/** Returns sections for a customer's license in force, its upcoming licenses, and all of its licenses. */
export function licenseSections(customer: CustomerDetails): Section[] {
  const { licenses, licenseStatus } = customer;
  const rows = licenses.map(licenseRow); // no licenses while the service discards the customer's data
  return [
    inForce(customer),
    // The upcoming licenses of an unsubscribed customer never start, so they are not shown.
    ...(licenseStatus === 'ended' ? [] : [later(licenses)]),
    ['All licenses', rows.length === 0 ? 'none' : table(['TYPE', 'STATE', ...TIMES, 'SET AT', 'MAXIMA'], rows)],
  ];
}

/** Returns a section for the license in force, or for the last license of an unsubscribed customer. */
function inForce({ licenseInForce: license, licenseStatus }: CustomerDetails): Section {
  const isEnded = licenseStatus === 'ended';
  return [
    isEnded ? 'Last license' : 'License in force',
    pairs({
      Type: `${license.type}, ${licenseStatus}`,
      Starts: license.startsAt,
      Ends: license.endsAt ?? 'never',
      ...termsOf(license),
    }),
  ];
}

function later(licenses: readonly KeptLicense[]): Section {
  const rows = licenses
    .filter(({ state }) => state === 'scheduled')
    .map((license) => [license.type, ...timesOf(license), maximaOf(license)]);
  return ['Upcoming licenses', rows.length === 0 ? 'none' : table(['TYPE', ...TIMES, 'MAXIMA'], rows)];
}

const TIMES = ['STARTS', 'ENDS'];
const timesOf = ({ startsAt, endsAt }: License) => [startsAt, endsAt ?? 'never'];

const STATES: Readonly<Record<KeptLicense['state'], string>> = {
  'in-force': 'in force',
  scheduled: 'upcoming',
  past: 'past',
  superseded: 'superseded',
  cancelled: 'cancelled',
  ended: 'ended',
};
/**
 * Returns the state of a license. A past license may have been replaced long before its end, so the state also names
 * the time at which the license stopped being in force.
 */
const stateOf = ({ state, inForceUntil }: KeptLicense) =>
  inForceUntil === null ? STATES[state] : `${STATES[state]}, until ${inForceUntil}`;
const licenseRow = (license: KeptLicense) => [
  license.type,
  stateOf(license),
  ...timesOf(license),
  license.setAt,
  maximaOf(license),
];

function termsOf(license: License): Record<string, string> {
  const rps = { 'Maximum RPs': grouped(license.maxRegisteredRps) };
  if (license.type === 'free') return { ...rps, 'Maximum users': grouped(license.maxRegisteredUsers) };
  const { amount, currency } = license.overageFeePerMau;
  return { ...rps, 'Maximum MAU': grouped(license.maxMau), 'Each MAU above': `${amount} ${currency}` };
}

function maximaOf(license: License): string {
  const counted =
    license.type === 'free' ? counts(license.maxRegisteredUsers, 'user') : `${grouped(license.maxMau)} MAU`;
  return `${counts(license.maxRegisteredRps, 'RP')}, ${counted}`;
}
