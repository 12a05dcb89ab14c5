import { randomUUID } from 'node:crypto';
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

/** Opens a page, signs in with the newest link that was sent to the address, and registers a passkey. */
export async function visitBy(
  service: NpmStarted,
  email: string,
  options: Omit<VisitOptions, 'url'> = {},
): Promise<Person> {
  const opened = await visit({ url: service.url, ...options });
  await openLink(opened, await service.linkTo(email));
  return asPerson(opened, email);
}

/**
 * Signs up a customer, which gets the Free license. Opens a page as the customer's representative, "Alice Arai", and
 * registers a passkey.
 */
export async function signUp(service: NpmStarted, options: Omit<VisitOptions, 'url'> = {}): Promise<Person> {
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
  await page.addInitScript('PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false)');
  await page.reload();
}

/**
 * Signs a person in with the passkey, for example after the clock has passed the end of the session. Then the page
 * shows the Customer screen.
 */
export async function signInAgain({ page }: Pick<Visit, 'page'>): Promise<void> {
  await withoutOffers({ page });
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

function asPerson(opened: Visit, email: string): Person {
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
