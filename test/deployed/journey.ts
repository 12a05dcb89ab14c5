import * as z from 'zod';
import { engineEndpoint } from '../support/engine.ts';
import type { LogLine } from './cloud/log.ts';
import { startDeployedService, type DeployedService, type DeployedServiceOptions } from './cloud/service.ts';

/** A deployed service with what a test needs to use it. */
export interface Journey extends DeployedService {
  /** Sends a request. Throws an error with the answer and the log unless the status is the expected one. */
  readonly send: (request: string, options?: { as?: string; body?: unknown; status?: number }) => Promise<unknown>;
  /** Returns the token of the newest link to an address. Throws if there is none. */
  readonly linkTo: (email: string) => Promise<string>;
  readonly log: readonly LogLine[];
}

/** How many of the last lines of the log an error contains. */
const LINES = 10;

/** Deploys the templates, with `options.edits` if a test needs other ones. */
export async function deployJourney(options: Omit<DeployedServiceOptions, 'endpoint' | 'log'> = {}): Promise<Journey> {
  const log: LogLine[] = [];
  const line =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      log.push({ level, message, fields });
    };
  const service = await startDeployedService({
    endpoint: await engineEndpoint(),
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    ...options,
  });
  const send: Journey['send'] = async (request, { as, body, status } = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(as !== undefined && { authorization: `Bearer ${as}` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (status === undefined ? response.ok : response.status === status)
      return text === '' ? undefined : (JSON.parse(text) as unknown);
    const errors = log.filter(({ level }) => level === 'error').slice(-LINES);
    const lines = errors.map(({ message, fields }) => `${message} ${JSON.stringify(fields)}`);
    throw new Error([`${request} answered ${response.status} ${text}`, ...lines].join('\n'));
  };
  return {
    ...service,
    send,
    log,
    async linkTo(email) {
      const mails = (await send(`GET /_local/mail?to=${encodeURIComponent(email)}`)) as { text: string }[];
      const token = mails.flatMap(({ text }) => /#token=(lnk_[\w-]{43})$/m.exec(text)?.[1] ?? []).at(-1);
      if (token === undefined) throw new Error(`There is no link to ${email}. ${service.cloud.denials.join('\n')}`);
      return token;
    },
  };
}

const session = z.object({ sessionToken: z.string() });
const created = z.object({ id: z.string() });
const key = z.object({ apiKey: z.string() });
const mau = z.object({ total: z.array(z.number()) });

/** The credentials that a new customer has at the end of the journey. */
export interface Traveller {
  readonly email: string;
  readonly session: string;
  readonly rp: string;
  readonly apiKey: string;
}

/**
 * Takes the journey of a new customer through all functions of the API but `fss`, and through the stream and the
 * queues: signing up, the e-mailed link, an RP, an API key, a user, a ceremony, an operation, and the MAU of the month.
 * Throws an error that names the first step that fails.
 */
export async function takeJourney({ send, linkTo }: Journey, email = 'alice@example.com'): Promise<Traveller> {
  const customer = { customer: { name: 'Example Corporation' }, representative: { name: 'Alice Arai', email } };
  await send('POST /v1/customers', { body: customer });
  const link = await linkTo(email);
  const { sessionToken: as } = session.parse(await send('POST /v1/sessions', { body: { token: link } }));
  const { id: rp } = created.parse(
    await send('POST /v1/rps', { as, body: { rpId: 'shop.example.com', name: 'Shop' } }),
  );
  const { apiKey } = key.parse(await send(`POST /v1/rps/${rp}/api-keys`, { as, body: { name: 'Production' } }));
  await send('POST /v1/rp/users', { as: apiKey, body: { users: [{ userId: 'user-1' }] } });
  await send('POST /v1/rp/registrations/options', { as: apiKey, body: { userId: 'user-1' } });
  const operations = [{ userId: 'user-1', type: 'authentication' }];
  await send('POST /v1/rp/operations', { as: apiKey, body: { operations } });
  await send('POST /_local/streams/drain');
  const { total } = mau.parse(await send('GET /v1/customer/mau?months=3', { as }));
  if (total.at(-1) !== 1) throw new Error(`The MAU of this month are ${String(total.at(-1))} instead of 1.`);
  return { email, session: as, rp, apiKey };
}
