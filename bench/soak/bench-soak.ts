import { npmStart } from '../../test/browser/support/npm-start.ts';
import type { Goal, Report } from '../report.ts';
import { median } from '../setting/statistics.ts';
import { useService } from './caller.ts';
import { mailboxOf } from './client.ts';
import { createMeasuredCustomer, noExperience, type Experience } from './measured-customer.ts';

/** How hard the other callers use the service, and for how long. */
export interface SoakSize {
  readonly callers: number;
  /** The maximum number of requests that each caller sends per second. */
  readonly requestsPerSecond: number;
  /** How long the callers use the service, in seconds. Without the callers, the measurement takes as long again. */
  readonly seconds: number;
}

/** The result of a soak. */
export interface Soak {
  readonly alone: Experience;
  readonly beside: Experience;
  /** For each status of a response to the callers, the number of responses. */
  readonly statuses: Readonly<Record<number, number>>;
}

/** The number of phases with the callers. As many phases without the callers alternate with them. */
const PHASES = 4;
/** The callers may at most double the median duration of the measured customer's requests. */
const MAX_RATIO = 2;

/**
 * Measures the requests, links and alerts of a customer while other callers sign up, request links, change their
 * representative, and register, remove and list RPs. Also measures them without the callers. Phases with and without
 * the callers alternate, so that changes of the machine's speed affect both.
 */
export async function benchSoak(size: SoakSize): Promise<Report> {
  const soak = await measureSoak(size);
  return {
    title: `Soak: a customer beside ${size.callers} callers, who send up to ${size.callers * size.requestsPerSecond} requests a second for ${size.seconds} s`,
    tables: [
      { 'without callers': rowOf(soak.alone), 'beside callers': rowOf(soak.beside) },
      { 'responses to the callers, by status': soak.statuses },
    ],
    goals: judge(soak),
  };
}

const rowOf = ({ milliseconds, linkMilliseconds, links, linksSent, alerts, alertsSent }: Experience) => ({
  requests: milliseconds.length,
  'median ms': median(milliseconds),
  'links sent': `${linksSent} of ${links}`,
  'median ms of a link': median(linkMilliseconds),
  'alerts sent': `${alertsSent} of ${alerts}`,
});

/** Returns the goals of a soak, and whether they are met. */
export function judge({ alone, beside, statuses }: Soak): Goal[] {
  const ratio = median(beside.milliseconds) / median(alone.milliseconds);
  const lost = [alone, beside].map(
    ({ links, linksSent, alerts, alertsSent }) => links - linksSent + alerts - alertsSent,
  );
  const faults = Object.entries(statuses).filter(([status]) => Number(status) >= 500);
  return [
    {
      goal: `soak: the callers multiply the median duration of the customer's requests by at most ${MAX_RATIO}`,
      measured: ratio.toFixed(2),
      met: ratio <= MAX_RATIO,
    },
    {
      goal: 'soak: the customer receives every link and alert',
      measured: `${lost.join(' and ')} lost`,
      met: lost.every((count) => count === 0),
    },
    {
      goal: 'soak: no response to the callers has a status of 500 or more',
      measured: faults.map(([status, count]) => `${count} times ${status}`).join(', ') || 'none',
      met: faults.length === 0,
    },
  ];
}

/** Runs a soak against the local service, which runs in a process of its own. */
export async function measureSoak({ callers, requestsPerSecond, seconds }: SoakSize): Promise<Soak> {
  const service = await npmStart();
  try {
    const mailbox = mailboxOf(service);
    const customer = await createMeasuredCustomer(service, mailbox);
    const soak = { alone: noExperience(), beside: noExperience(), statuses: {} as Record<number, number> };
    const onStatus = (status: number) => (soak.statuses[status] = (soak.statuses[status] ?? 0) + 1);
    const endOfPhase = () => performance.now() + (seconds * 1_000) / PHASES;
    for (let phase = 0; phase < PHASES; phase += 1) {
      await customer.use(soak.alone, endOfPhase());
      const endsAt = endOfPhase();
      const pause = 1_000 / requestsPerSecond;
      const used = Array.from({ length: callers }, (_, index) =>
        useService(service.url, mailbox, { name: `caller-${phase}-${index}`, pause, endsAt, onStatus }),
      );
      await Promise.all([customer.use(soak.beside, endsAt), ...used]);
    }
    return soak;
  } finally {
    await service.stop();
  }
}
