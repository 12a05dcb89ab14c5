import { curl } from './curl.ts';
import type { DemoAccess } from './demo/demo-access.ts';
import type { Person } from './local-page.ts';
import type { LocalShop } from './shop.ts';

export interface BannerOptions {
  /** The base URL of the service, without a slash at its end. */
  readonly url: string;
  readonly timeZone: string;
  /** The path of the data directory, in the form that `shownDir` returns. */
  readonly dataDir: string;
  /** @default - no demo customers */
  readonly demo: DemoAccess | undefined;
  /** The demo people who can sign in. */
  readonly people: readonly Person[];
  /** @default - no sample shop */
  readonly shop?: LocalShop | undefined;
}

/**
 * Returns the text that `npm start` prints: the URLs to open, the people who can sign in, and commands that work as
 * printed.
 */
export function banner({ url, timeZone, dataDir, demo, people, shop }: BannerOptions): string {
  return [
    `FIDO2 Server Service runs at ${url}/`,
    `E-mails and demo sign-in: ${url}/_local/`,
    ...(demo && shop ? [shopLine(shop, demo)] : []),
    ...operatorLines(url),
    `Data is in ${dataDir}. Months are in ${timeZone}. Press Ctrl-C to stop.`,
    '',
    ...(demo && people[0] ? demoLines(url, demo, people) : signUpLines(url)),
  ].join('\n');
}

/** The lines about the operators' pages. The command prints a link that registers the operator's passkey. */
function operatorLines(url: string): string[] {
  const { port } = new URL(url);
  // The command line looks for the local service at this port by default.
  const setting = port === '3000' ? '' : `PORT=${port} `;
  return [
    `Operators' pages: ${url}/operator Add yourself as an operator:`,
    `  ${setting}npm run --silent operator -- operators add you@example.com --name "Your name"`,
  ];
}

/** The line about the sample shop. Signing in there counts a user of the customer whose representative it names. */
const shopLine = ({ url, fault }: LocalShop, { email }: DemoAccess) =>
  fault === undefined
    ? `Sample shop: ${url}/ Sign up there, and watch the MAU as ${email}.`
    : `The sample shop does not run. ${fault}`;

function demoLines(
  url: string,
  { rpId, apiKey, userId, email, sessionToken }: DemoAccess,
  people: readonly Person[],
): string[] {
  const width = Math.max(...people.map((person) => person.email.length));
  return [
    'Demo customers and their representatives:',
    ...people.map((person) => `  ${person.email.padEnd(width)}  ${person.shows}`),
    '',
    ...(sessionToken === undefined
      ? ['Request a sign-in link:', `  ${curl(`${url}/v1/sign-in-links`, { body: { email: people[0]?.email } })}`]
      : [`Read the Customer view as ${email}:`, `  ${curl(`${url}/v1/customer`, { as: sessionToken })}`]),
    ...(apiKey === undefined
      ? []
      : [
          '',
          `Report an operation as the server of ${rpId}. A user counts once a month:`,
          `  ${curl(`${url}/v1/rp/operations`, { as: apiKey, body: { operations: [{ userId, type: 'authentication' }] } })}`,
        ]),
  ];
}

function signUpLines(url: string): string[] {
  const customer = { name: 'Example Corporation' };
  const representative = { name: 'Alice Arai', email: 'alice@example.com' };
  return [
    'Sign up a customer. The e-mail contains the sign-in link:',
    `  ${curl(`${url}/v1/customers`, { body: { customer, representative } })}`,
  ];
}
