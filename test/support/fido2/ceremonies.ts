import type * as z from 'zod';
import {
  authenticateUserContract,
  registerCredentialContract,
  requestAuthenticationOptionsContract,
  requestRegistrationOptionsContract,
} from '../../../functions/contract/ceremonies.ts';
import { createPasskey, usePasskey, type SoftPasskey } from './authenticator.ts';
import type { Answer, SignedUp, TestService } from '../service.ts';

type Body<C extends { body: z.ZodType }> = Partial<z.input<C['body']>>;
type Opened = z.output<(typeof requestRegistrationOptionsContract)['answer']['body']>;
export type OpenedAuthentication = z.output<(typeof requestAuthenticationOptionsContract)['answer']['body']>;

/** An RP of a customer, with functions that perform ceremonies through the API as a browser and the RP's server do. */
export interface TestRp {
  readonly owner: SignedUp;
  readonly rpRef: string;
  readonly rpId: string;
  readonly origin: string;
  readonly apiKey: string;
  beginRegistration(body: Body<typeof requestRegistrationOptionsContract>): Promise<Answer>;
  beginAuthentication(body?: Body<typeof requestAuthenticationOptionsContract>): Promise<Answer>;
  end(kind: 'registrations' | 'authentications', body: object, headers?: Record<string, string>): Promise<Answer>;
  /** Begins a registration and lets the authenticator respond. Throws if the options are refused. */
  create(
    body: Body<typeof requestRegistrationOptionsContract>,
    deviations?: Parameters<typeof createPasskey>[2],
  ): Promise<{ passkey: SoftPasskey; body: { ceremony: string; response: unknown }; options: Opened['options'] }>;
  /** Begins an authentication and lets the authenticator respond. Throws if the options are refused. */
  use(
    passkey: SoftPasskey,
    body?: Body<typeof requestAuthenticationOptionsContract>,
    deviations?: Parameters<typeof usePasskey>[3],
  ): Promise<{ ceremony: string; response: unknown }>;
  /** Registers a credential and returns it. Throws unless the service accepts it. Creates the user by default. */
  register(
    body: Body<typeof requestRegistrationOptionsContract> & { userId: string },
    deviations?: Parameters<typeof createPasskey>[2],
  ): Promise<{ passkey: SoftPasskey; answer: z.output<(typeof registerCredentialContract)['answer']['body']> }>;
  /** Signs in with a passkey. Throws unless the service accepts it. */
  signIn(
    passkey: SoftPasskey,
    body?: Body<typeof requestAuthenticationOptionsContract>,
  ): Promise<z.output<(typeof authenticateUserContract)['answer']['body']>>;
}

/** Registers an RP with an API key for a new customer, whose license is `business` unless `isFree`. */
export async function newTestRp(
  service: TestService,
  { rpId = 'shop.example.com', owner, isFree = false }: { rpId?: string; owner?: SignedUp; isFree?: boolean } = {},
): Promise<TestRp> {
  const customer = owner ?? (await service.signUp());
  if (!owner && !isFree) {
    await service.setLicense(customer.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  }
  const { id } = await service.newRp(customer.session, rpId);
  const { apiKey } = await service.newApiKey(customer.session, id);
  return testRpOf(service, { owner: customer, rpRef: id, rpId, apiKey });
}

/** Returns the functions for an RP that exists. */
export function testRpOf(
  service: Pick<TestService, 'send'>,
  { owner, rpRef, rpId, apiKey }: Pick<TestRp, 'owner' | 'rpRef' | 'rpId' | 'apiKey'>,
): TestRp {
  const origin = `https://${rpId}`;
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    service.send(`POST /v1/rp/${path}`, { as: apiKey, body, headers });
  const rp: TestRp = {
    ...{ owner, rpRef, rpId, origin, apiKey },
    beginRegistration: (body) => post('registrations/options', body),
    beginAuthentication: (body = {}) => post('authentications/options', body),
    end: (kind, body, headers) => post(kind, body, headers),
    async create(body, deviations = {}) {
      const begun = await rp.beginRegistration(body);
      const { ceremony, options } = begun.read(requestRegistrationOptionsContract.answer.body);
      const { passkey, response } = createPasskey(origin, options, deviations);
      return { passkey, body: { ceremony, response }, options };
    },
    async use(passkey, body = {}, deviations = {}) {
      const begun = await rp.beginAuthentication(body);
      const { ceremony, options } = begun.read(requestAuthenticationOptionsContract.answer.body);
      return { ceremony, response: usePasskey(origin, passkey, options, deviations) };
    },
    async register(body, deviations = {}) {
      const { passkey, body: end } = await rp.create({ createUser: true, ...body }, deviations);
      const answer = (await rp.end('registrations', end)).read(registerCredentialContract.answer.body);
      return { passkey, answer };
    },
    async signIn(passkey, body = {}) {
      const ended = await rp.end('authentications', await rp.use(passkey, body));
      return ended.read(authenticateUserContract.answer.body);
    },
  };
  return rp;
}

/** Returns how many answers have each status and problem, such as `{ '200': 1, '409 ceremony-used': 49 }`. */
export const outcomes = (answers: readonly Pick<Answer, 'status' | 'body'>[]) =>
  Object.fromEntries(
    [
      ...Map.groupBy(answers, ({ status, body }) => {
        const { type = '' } = body as { type?: string };
        return `${status} ${type.replace('/problems/', '')}`.trim();
      }),
    ].map(([outcome, all]) => [outcome, all.length]),
  );
