import { unsubscribeCustomerContract } from '../../functions/contract/customers.ts';
import { counts } from '../operator/layout.ts';
import { RefusedError, type Api } from './api.ts';
import { removeRps } from './passkey-tour.ts';
import type { Report } from './report.ts';
import { signInAgain, signOut, type Ask, type Representative } from './sign-up.ts';

/** Names what a smoke test leaves behind. The report removes an entry with the same name. */
export const customerOf = ({ customer, email }: Representative) =>
  `the customer "${customer.name}" (${customer.id}) with the representative ${email}`;
export const rpOf = (id: string) => `the RP ${id} with its API key, user and passkey`;

/** Returns how the operator removes the customer without this smoke test. */
export const howToUnsubscribe = ({ customer }: Representative, stage: string) =>
  `npm run operator -- --stage ${stage} customer unsubscribe ${customer.id} --confirm "${customer.name}" --statements-to smoke-test.csv`;

/**
 * Removes the RP, unsubscribes the customer and signs out. Unsubscribing needs a sign-in within the last 5 minutes, so
 * asks for another link if the smoke test took longer. Unsubscribes the customer even if the RP could not be removed,
 * because the service then discards the RP with the customer.
 *
 * If the process dies before the RP is removed, the RP and the customer stay. If it dies after that, the customer
 * stays. After the last step, the service discards the customer when the grace period has ended.
 */
export async function cleanUp(
  report: Report,
  { api, ask, rp, representative }: { api: Api; ask: Ask; rp: string | undefined; representative: Representative },
): Promise<void> {
  const removal = report.step('RP removed', async () => {
    const count = await removeRps(api, representative.session);
    return { found: `${counts(count, 'RP')} removed, with API key, user and passkey`, value: undefined };
  });
  // The report has shown a failure already. The exit code still has to show it, after the next step.
  await removal.catch(() => undefined);
  await report.step('unsubscription', async () => {
    const { session, effectiveAt } = await unsubscribe(api, ask, representative);
    report.removed(customerOf(representative));
    if (rp !== undefined) report.removed(rpOf(rp));
    await signOut(api, session);
    return {
      found: `the service discards the customer and all its data after ${effectiveAt}`,
      value: undefined,
    };
  });
  await removal;
}

async function unsubscribe(api: Api, ask: Ask, representative: Representative) {
  const request = ({ session, customer }: Representative) =>
    api.send('POST /v1/customer/unsubscription', unsubscribeCustomerContract.answer.body, {
      session,
      body: { confirmation: customer.name },
    });
  try {
    return { session: representative.session, effectiveAt: (await request(representative)).effectiveAt };
  } catch (error) {
    if (!(error instanceof RefusedError) || error.slug !== 'reauthentication-required') throw error;
    const again = await signInAgain(api, ask, representative);
    return { session: again.session, effectiveAt: (await request(again)).effectiveAt };
  }
}
