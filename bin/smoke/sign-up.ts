import * as z from 'zod';
import { getCustomerContract, signUpCustomerContract } from '../../functions/contract/customers.ts';
import { createSessionContract, requestSignInLinkContract } from '../../functions/contract/sessions.ts';
import { RefusedError, type Api } from './api.ts';
import type { Report } from './report.ts';
import { SmokeError } from './smoke-error.ts';

/** Asks the operator for a line of text. Returns undefined if nobody can answer. */
export type Ask = (question: string) => Promise<string | undefined>;

/** The signed-in representative of the customer of a smoke test. */
export interface Representative {
  readonly email: string;
  readonly session: string;
  readonly customer: { readonly id: string; readonly name: string };
  /** The MAU of the customer in this month, before this smoke test. */
  readonly mau: number;
}

/** The name of every customer of a smoke test. A smoke test uses no customer with another name. */
const NAME = 'Smoke test';
/** The number of times that the operator may paste a text. */
const TRIES = 3;
const ANOTHER_ADDRESS = 'Use another address, such as you+smoke@example.com';

/**
 * Signs up a customer, unless a link is given, and signs in with the e-mailed link. If an earlier smoke test has left
 * its customer, continues with this customer. Signs out again if the link belongs to a customer that no smoke test has
 * created.
 *
 * If the process dies after the sign-up, the service deletes the sign-up after 7 days without an activation. If it dies
 * after the link was opened, the customer stays.
 */
export async function signUp(
  report: Report,
  { api, ask, email, link }: { api: Api; ask: Ask; email: string; link: string | undefined },
): Promise<Representative> {
  const signedUp = `the sign-up of ${email}`;
  const perhapsActive = `the customer "${NAME}" with the representative ${email}, if the link was opened`;
  if (link === undefined) {
    await report.step('sign-up', async () => {
      const representative = { name: NAME, email };
      await api.send('POST /v1/customers', signUpCustomerContract.answer.body, {
        body: { customer: { name: NAME }, representative },
      });
      report.made(
        signedUp,
        'If nobody opens its link, the service deletes it after 7 days. If an earlier smoke test has left a customer with this address, run the smoke test again.',
      );
      return { found: `the service accepted the sign-up of ${email}`, value: undefined };
    });
  } else report.skip('sign-up', 'the option --link is set');

  const representative = await report.step('link', async () => {
    const session = await openLink(api, link === undefined ? ask : () => Promise.resolve(link), email, () => {
      report.removed(signedUp);
      report.made(perhapsActive, 'Run the smoke test again with the same address: it continues with the customer.');
    });
    if (typeof session !== 'string') {
      report.removed(perhapsActive);
      await signOut(api, session.restricted);
      throw new SmokeError(
        `this link can only add a passkey, because its administrator has one already. ${ANOTHER_ADDRESS}`,
      );
    }
    const { customer, representative, license } = await readCustomer(api, session);
    if (customer.name !== NAME || representative.email !== email.trim().toLowerCase()) {
      report.removed(perhapsActive);
      await signOut(api, session);
      throw new SmokeError(
        `the link is for the customer "${customer.name}" with the representative ${representative.email}, which the smoke test does not use. ${ANOTHER_ADDRESS}`,
      );
    }
    const value = { email, session, customer: { id: customer.id, name: customer.name }, mau: license.mauThisMonth };
    return { found: `${email} is signed in for the customer ${customer.id}`, value };
  });
  report.removed(perhapsActive);
  return representative;
}

const readCustomer = (api: Api, session: string): Promise<z.output<typeof getCustomerContract.answer.body>> =>
  api.send('GET /v1/customer', getCustomerContract.answer.body, { session });

/** Returns the MAU of a customer in this month. */
export const readMau = async (api: Api, { session }: Representative): Promise<number> =>
  (await readCustomer(api, session)).license.mauThisMonth;

/** Signs out. Ignores errors, because the session ends by itself after 12 hours. */
export async function signOut(api: Api, session: string): Promise<void> {
  await api.send('DELETE /v1/sessions/current', z.unknown(), { session }).catch(() => undefined);
}

/**
 * Signs out, requests another sign-in link, and returns the representative with the session of a recent sign-in. Throws
 * `SmokeError` if the link opens no session with all rights.
 */
export async function signInAgain(api: Api, ask: Ask, representative: Representative): Promise<Representative> {
  const { email } = representative;
  await signOut(api, representative.session);
  await api.send('POST /v1/sign-in-links', requestSignInLinkContract.answer.body, { body: { email } });
  const session = await openLink(api, ask, email);
  if (typeof session !== 'string') throw new SmokeError('this link can only add a passkey');
  return { ...representative, session };
}

/**
 * Asks for the e-mailed link until it opens. Returns the session, which is restricted if it can only add a passkey.
 * Calls `onOpening` before it sends a link to the service, because opening the link activates the customer, even if the
 * response is lost.
 */
async function openLink(
  api: Api,
  ask: Ask,
  email: string,
  onOpening: () => void = () => undefined,
): Promise<string | { readonly restricted: string }> {
  let problem = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const pasted = await ask(`${problem}Paste the link from the e-mail to ${email}:`);
    if (pasted === undefined) throw new SmokeError('no link was pasted');
    const [, token] = /#token=(lnk_[\w-]+)/.exec(pasted) ?? [];
    if (token === undefined) {
      problem = 'This text contains no link of the service. ';
      continue;
    }
    onOpening();
    try {
      const { sessionToken, mayOnly } = await api.send('POST /v1/sessions', createSessionContract.answer.body, {
        body: { token },
      });
      return mayOnly === null ? sessionToken : { restricted: sessionToken };
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      problem = 'The link has expired or was used before. ';
    }
  }
  throw new SmokeError(`${problem}None of the ${TRIES} pasted texts opened a session.`);
}
