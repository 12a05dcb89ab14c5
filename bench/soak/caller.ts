import { setTimeout as sleep } from 'node:timers/promises';
import { addAdministratorContract } from '../../functions/contract/administrators.ts';
import { getCustomerContract } from '../../functions/contract/customers.ts';
import { registerRpContract } from '../../functions/contract/rps.ts';
import { bodyOf, sendTo, type Mailbox, type Response, type Send } from './client.ts';

/** One of the callers that use the service while another customer is measured. */
export interface Caller {
  /** A name that no other caller has. The name is part of the caller's e-mail addresses and RP IDs. */
  readonly name: string;
  /** The shortest time between two requests of the caller, in milliseconds. */
  readonly pause: number;
  /** When the caller stops, on the clock of `performance.now()`. */
  readonly endsAt: number;
  /** Receives the status of each response. */
  readonly onStatus: (status: number) => void;
}

/** How often a caller repeats its requests before it signs up as a new customer. */
const ROUNDS = 5;

/**
 * Uses the service without interruption, as an attacker might: signs up customers, requests links for its own and for
 * unknown addresses, changes the representative back and forth, registers and removes RPs, and lists everything.
 */
export async function useService(url: string, mailbox: Mailbox, caller: Caller): Promise<void> {
  const isOver = () => performance.now() >= caller.endsAt;
  const paced =
    (send: Send): Send =>
    async (...request) => {
      const [response] = await Promise.all([send(...request), sleep(caller.pause)]);
      caller.onStatus(response.status);
      return response;
    };
  const anybody = paced(sendTo(url));
  for (let customer = 0; !isOver(); customer += 1) {
    const email = (name: string) => `${name}-${customer}@${caller.name}.example`;
    await anybody('POST /v1/customers', {
      customer: { name: `Customer ${caller.name}` },
      representative: { name: 'First', email: email('first') },
    });
    await anybody('POST /v1/sign-in-links', { email: email('nobody') });
    await anybody('POST /v1/sign-in-links', { email: email('first') });
    const first = await mailbox.openLink(email('first'));
    if (first === undefined) continue;
    const administrator = paced(sendTo(url, first));
    const second = { name: 'Second', email: email('second'), privilege: 'privileged' };
    const added = await administrator('POST /v1/administrators', second);
    if (added.status !== 201) continue;
    const secondId = bodyOf(addAdministratorContract.answer.body, added).id;
    await mailbox.openLink(email('second'));
    for (let round = 0; round < ROUNDS && !isOver(); round += 1) {
      await changeRepresentative(administrator, secondId);
      const rp = await administrator('POST /v1/rps', { rpId: `shop-${round}.${caller.name}.example`, name: 'Shop' });
      if (rp.status === 201) {
        await administrator(`DELETE /v1/rps/${bodyOf(registerRpContract.answer.body, rp).id}`);
      }
      for (const list of ['/v1/rps', '/v1/administrators', '/v1/customer/mau?months=12', '/v1/customer/statements']) {
        await administrator(`GET ${list}`);
      }
    }
  }
}

/** Makes the caller's second administrator the representative, and then the first administrator again. */
async function changeRepresentative(send: Send, secondId: string): Promise<void> {
  const read = await send('GET /v1/customer');
  if (read.status !== 200) return;
  const { representative } = bodyOf(getCustomerContract.answer.body, read);
  let current: Response = read;
  for (const administratorId of [secondId, representative.administratorId]) {
    const { customer } = bodyOf(getCustomerContract.answer.body, current);
    current = await send('PUT /v1/customer/representative', { administratorId }, customer.version);
    if (current.status !== 200) return;
  }
}
