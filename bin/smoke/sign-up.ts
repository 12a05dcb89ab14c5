import type * as z from 'zod';
import { getCustomerContract, signUpCustomerContract } from '../../functions/contract/customers.ts';
import { createSessionContract, requestSignInLinkContract } from '../../functions/contract/sessions.ts';
import { RefusedError, type Api } from './api.ts';
import type { Report } from './report.ts';
import { expectThat, SmokeError } from './smoke-error.ts';

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

/** How every customer of a smoke test is called, so that a smoke test never touches another customer. */
const NAME = 'Smoke test';
/** How often the operator may paste a text that is no link. */
const TRIES = 3;

/**
 * Signs up a customer, unless a link is given, and signs in with the e-mailed link. If an earlier smoke test has left
 * its customer, continues with this customer.
 *
 * If the process dies after the sign-up, the service deletes the sign-up after 7 days without an activation. If it dies
 * after the link was opened, the customer stays.
 */
export async function signUp(
  report: Report,
  { api, ask, email, link }: { api: Api; ask: Ask; email: string; link: string | undefined },
): Promise<Representative> {
  const unproven = `the sign-up of ${email}, which the service deletes after 7 days`;
  if (link === undefined) {
    await report.step('sign-up', async () => {
      const representative = { name: NAME, email };
      await api.send('POST /v1/customers', signUpCustomerContract.answer.body, {
        body: { customer: { name: NAME }, representative },
      });
      report.made(unproven, 'Nothing has to be done.');
      return { found: `the service accepted the sign-up of ${email}`, value: undefined };
    });
  } else report.skip('sign-up', 'a link is given');

  const representative = await report.step('link', async () => {
    const session = await openLink(api, link === undefined ? ask : () => Promise.resolve(link), email);
    const { customer, license } = await readCustomer(api, session);
    expectThat(
      customer.name === NAME,
      `the address belongs to the customer ${customer.name}, which the smoke test leaves alone. Use another address, such as you+smoke@example.com`,
    );
    const value = { email, session, customer: { id: customer.id, name: customer.name }, mau: license.mauThisMonth };
    return { found: `${email} is signed in for the customer ${customer.id}`, value };
  });
  report.removed(unproven);
  return representative;
}

const readCustomer = (api: Api, session: string): Promise<z.output<typeof getCustomerContract.answer.body>> =>
  api.send('GET /v1/customer', getCustomerContract.answer.body, { session });

/** Returns the MAU of a customer in this month. */
export const readMau = async (api: Api, { session }: Representative): Promise<number> =>
  (await readCustomer(api, session)).license.mauThisMonth;

/** Requests another sign-in link, and returns the representative with the session of a recent sign-in. */
export async function signInAgain(api: Api, ask: Ask, representative: Representative): Promise<Representative> {
  const { email } = representative;
  await api.send('POST /v1/sign-in-links', requestSignInLinkContract.answer.body, { body: { email } });
  return { ...representative, session: await openLink(api, ask, email) };
}

/** Asks for the e-mailed link until it opens. Returns the session. */
async function openLink(api: Api, ask: Ask, email: string): Promise<string> {
  let problem = '';
  for (let tries = 0; tries < TRIES; tries += 1) {
    const pasted = await ask(`${problem}Paste the link from the e-mail to ${email}: `);
    if (pasted === undefined) throw new SmokeError('nobody pasted the link from the e-mail');
    const [, token] = /#token=(lnk_[\w-]+)/.exec(pasted) ?? [];
    if (token === undefined) {
      problem = 'This is not a link of the service. ';
      continue;
    }
    try {
      const { sessionToken, mayOnly } = await api.send('POST /v1/sessions', createSessionContract.answer.body, {
        body: { token },
      });
      expectThat(mayOnly === null, 'the link only allows to add a passkey: the address belongs to another customer');
      return sessionToken;
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      problem = 'The link is expired or already used. ';
    }
  }
  throw new SmokeError(`${problem}Nobody pasted a link that opens.`);
}
