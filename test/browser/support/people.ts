import { randomUUID } from 'node:crypto';
import type { APIRequestContext } from 'playwright-core';
import type { CreationOptions } from '../../../functions/contract/values/console-options.ts';
import { createPasskey } from '../../support/fido2/authenticator.ts';
import type { NpmStarted } from './npm-start.ts';
import { visit, type Visit, type VisitOptions } from './visit.ts';

/** A person who is signed in to the console. */
export interface Person extends Visit {
  readonly email: string;
  /**
   * Calls the API with the page's session, and returns the status and the body. An example of `request` is `GET
   * /v1/rps`.
   */
  readonly call: (request: string, data?: unknown) => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Returns an unused e-mail address. */
export const newEmail = () => `person-${randomUUID().slice(0, 8)}@example.com`;

/**
 * Opens a sign-in link in a page, and registers a passkey in the page's authenticator. Then the page shows the Customer
 * screen.
 */
export async function openLink({ page }: Pick<Visit, 'page'>, link: string): Promise<void> {
  await page.goto(link);
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(Continue|続ける)$/ })
    .click();
  await page.getByRole('button', { name: /^(Register a passkey|パスキーを登録)$/ }).click();
  await page.getByRole('navigation', { includeHidden: true }).waitFor({ state: 'attached' });
}

export interface PersonOptions extends Omit<VisitOptions, 'url'> {
  /**
   * Whether the page shows the Customer screen. If not, the page stays empty until the test opens another screen: each
   * screen takes more than a second of a core.
   * @default true
   */
  readonly opensConsole?: boolean;
}
/** The option for tests that open another screen first. */
export const ELSEWHERE = { opensConsole: false } as const satisfies PersonOptions;

/**
 * Opens the Customer screen as the person who got the newest link that was sent to the address. The person has a new
 * passkey, in the page's authenticator. The link and the passkey go to the API without the pages for them, which would
 * take most of the time of a test. `openLink` goes through these pages.
 */
export async function visitBy(
  service: NpmStarted,
  email: string,
  { opensConsole = true, ...options }: PersonOptions = {},
): Promise<Person> {
  const opened = await visit({ url: service.url, ...options });
  const { page, context, authenticator } = opened;
  const [, token] = (await service.linkTo(email)).split('#token=');
  await post(context.request, '/v1/sessions', { token });
  const creation = (await post(context.request, '/v1/passkeys/options')) as CreationOptions;
  const { passkey, response } = createPasskey(service.url, creation, { signCount: 1 });
  await post(context.request, '/v1/passkeys', { name: 'My passkey', passkey: response });
  await authenticator.addPasskey(passkey);
  if (opensConsole) {
    await page.goto('/');
    await page.getByRole('navigation', { includeHidden: true }).waitFor({ state: 'attached' });
  }
  return asPerson(opened, email);
}

/** Sends a request with the cookies of a page. Returns the body, and throws unless the request succeeds. */
export async function post(request: APIRequestContext, path: string, data?: object): Promise<unknown> {
  const response = await request.post(path, { ...(data && { data }) });
  if (!response.ok()) throw new Error(`POST ${path} answered ${response.status()} ${await response.text()}`);
  return response.json();
}

/**
 * Signs up a customer, which gets the Free license. Opens the Customer screen as the customer's representative, "Alice
 * Arai", who has a passkey.
 */
export async function signUp(service: NpmStarted, options: PersonOptions = {}): Promise<Person> {
  const email = newEmail();
  await service.send('POST /v1/customers', {
    customer: { name: 'Example Corporation' },
    representative: { name: 'Alice Arai', email },
  });
  return visitBy(service, email, options);
}

/**
 * Turns off passkey autofill in a page, and reloads the page. With autofill, the authenticator would immediately accept
 * the offered passkey, and disturb the WebAuthn ceremony that starts when a test clicks a button.
 */
export async function withoutOffers({ page }: Pick<Visit, 'page'>): Promise<void> {
  await page.addInitScript(NO_OFFERS);
  await page.reload();
}
const NO_OFFERS = 'PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)';

/**
 * Signs a person in with the passkey, for example after the clock has passed the end of the session. Then the page
 * shows the Customer screen.
 */
export async function signInAgain({ page }: Pick<Visit, 'page'>): Promise<void> {
  await page.addInitScript(NO_OFFERS);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('heading', { level: 1, name: 'Customer' }).waitFor();
}

/** Opens another page in the same session, for example in another language. */
export async function visitAs(
  service: NpmStarted,
  { context, email }: Person,
  options: Omit<VisitOptions, 'url'>,
): Promise<Person> {
  const opened = await visit({ url: service.url, ...options });
  await opened.context.addCookies(await context.cookies());
  return asPerson(opened, email);
}

/** Returns a person who is signed in on a page. */
export function asPerson(opened: Visit, email: string): Person {
  return {
    ...opened,
    email,
    call: async (request, data) => {
      const [method = '', path = ''] = request.split(' ');
      const response = await opened.context.request.fetch(path, { method, ...(data !== undefined && { data }) });
      const text = await response.text();
      return { status: response.status(), body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    },
  };
}
