import { setTimeout as sleep } from 'node:timers/promises';
import { getCustomerContract } from '../../functions/contract/customers.ts';
import { createdBearerKey, registerRpContract } from '../../functions/contract/rps.ts';
import type { NpmStarted } from '../../test/browser/support/npm-start.ts';
import { bodyOf, sendTo, type Mailbox } from './client.ts';

/** The measurements of one customer, with or without the other callers. */
export interface Experience {
  /** The durations of the customer's requests, in milliseconds. */
  readonly milliseconds: number[];
  /** The time from each request for a link until the link is in the outbox, in milliseconds. */
  readonly linkMilliseconds: number[];
  /** How many links the customer requested, and how many of them were e-mailed. */
  links: number;
  linksSent: number;
  /** How many alerts became due, and how many of them were e-mailed. */
  alerts: number;
  alertsSent: number;
}

/** Returns an experience without any request. */
export const noExperience = (): Experience => ({
  milliseconds: [],
  linkMilliseconds: [],
  links: 0,
  linksSent: 0,
  alerts: 0,
  alertsSent: 0,
});

/** The customer whose requests, links and alerts are measured. */
export interface MeasuredCustomer {
  /** Uses the service until `endsAt` on the clock of `performance.now()`, and adds the measurements to `experience`. */
  use(experience: Experience, endsAt: number): Promise<void>;
}

/** How long the customer waits after each request, in milliseconds. */
const PAUSE = 50;
/** The address of the customer's representative, who receives the alerts. */
const REPRESENTATIVE = 'alice@measured.example';

/** Signs up the measured customer and registers an RP and an API key. */
export async function createMeasuredCustomer(service: NpmStarted, mailbox: Mailbox): Promise<MeasuredCustomer> {
  const { url } = service;
  await service.send('POST /v1/customers', {
    customer: { name: 'Measured customer' },
    representative: { name: 'Alice', email: REPRESENTATIVE },
  });
  const token = await mailbox.openLink(REPRESENTATIVE);
  const administrator = sendTo(url, token);
  const rp = await administrator('POST /v1/rps', { rpId: 'measured.example', name: 'Measured' });
  const { id } = bodyOf(registerRpContract.answer.body, rp);
  const key = await administrator(`POST /v1/rps/${id}/api-keys`, { name: 'Measured' });
  const server = sendTo(url, bodyOf(createdBearerKey, key).apiKey);
  /** The number of users that the customer has registered. Each of them is active in the current month. */
  let users = 0;
  let invitations = 0;

  async function addActiveUser(): Promise<void> {
    users += 1;
    const userId = `user-${users}`;
    await server('POST /v1/rp/users', { users: [{ userId }] });
    await server('POST /v1/rp/operations', { operations: [{ userId, type: 'authentication' }] });
  }

  /** Invites an administrator, and measures the time until the link is in the outbox. */
  async function requestLink(experience: Experience): Promise<void> {
    invitations += 1;
    const email = `invited-${invitations}@measured.example`;
    const start = performance.now();
    experience.links += 1;
    await administrator('POST /v1/administrators', { name: 'Invited', email, privilege: 'administrator' });
    if (!(await mailbox.waitFor(email))) return;
    experience.linksSent += 1;
    experience.linkMilliseconds.push(performance.now() - start);
  }

  /** Sets the threshold just below the customer's MAU, so that an alert is due, and waits for the alert. */
  async function causeAlert(experience: Experience): Promise<void> {
    await addActiveUser();
    const threshold = users - 1;
    const { customer } = bodyOf(getCustomerContract.answer.body, await administrator('GET /v1/customer'));
    await administrator('PUT /v1/customer/mau-alert', { enabled: true, threshold }, customer.version);
    await service.drain();
    experience.alerts += 1;
    await service.fire('mau-alerts');
    if (await mailbox.waitFor(REPRESENTATIVE, ({ text }) => text.includes(`threshold of ${threshold}.`))) {
      experience.alertsSent += 1;
    }
  }

  await addActiveUser();
  return {
    async use(experience, endsAt) {
      const events = (async () => {
        await requestLink(experience);
        await causeAlert(experience);
      })();
      while (performance.now() < endsAt) {
        for (const request of [
          () => administrator('GET /v1/customer'),
          () => administrator('GET /v1/rps'),
          () => server('POST /v1/rp/operations', { operations: [{ userId: 'user-1', type: 'authentication' }] }),
        ]) {
          const start = performance.now();
          const { status } = await request();
          if (status !== 200) throw new Error(`A request of the measured customer was answered with ${status}.`);
          experience.milliseconds.push(performance.now() - start);
          await sleep(PAUSE);
        }
      }
      await events;
    },
  };
}
