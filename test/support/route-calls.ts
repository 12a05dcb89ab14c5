import { testRpOf } from './fido2/ceremonies.ts';
import { routes, type CallerKind, type Route, type RouteName } from '../../functions/api/routes.ts';
import type { Contract } from '../../functions/contract/contract.ts';
import { contracts } from '../../functions/contract/contracts.ts';
import { rpDetails } from '../../functions/contract/rp-views.ts';
import type { AuthenticationResponse, RegistrationResponse } from '../../functions/contract/values/webauthn.ts';
import { DAY } from '../../functions/domain/time.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { readUser } from '../../functions/table/users/users.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { registerCredentials, signInWith } from './fido2/credentials.ts';
import { itemOf, passkeyOf } from './fido2/moving.ts';
import { addOperator, createOperatorPasskey, newOperator, operatorAnswerWith, signInOperator } from './operators.ts';
import type { Request, TestService } from './service.ts';

/**
 * The values that requests to the routes contain: IDs, tokens and a WebAuthn response. Requests that remove something
 * use the properties whose names begin with `removed`. In a test that removes nothing, `removedUser` may be the same
 * user as `user`.
 */
export interface Things {
  readonly customer: string;
  readonly administrator: string;
  readonly provisionalAdministrator: string;
  readonly removedAdministrator: string;
  /** An administrator whose recovery can be undone. */
  readonly recoveredAdministrator: string;
  readonly rp: string;
  readonly removedRp: string;
  readonly removedKey: string;
  readonly user: string;
  readonly removedUser: string;
  /** A user of `rp` whom an administrator removes. */
  readonly removedUserOfRp: string;
  /** The ID of a credential of `user`. */
  readonly credential: string;
  readonly removedCredential: string;
  /** A credential of `user` that an administrator removes. */
  readonly removedCredentialOfRp: string;
  /** The bodies that end a registration and an authentication of `user`. */
  readonly registration: object | undefined;
  readonly authentication: object | undefined;
  readonly signInToken: string;
  readonly confirmationToken: string;
  readonly passkey: string;
  readonly removedPasskey: string;
  /** The link of an operator who has no passkey, and the WebAuthn response with which the operator registers one. */
  readonly operatorLink: string;
  readonly operatorRegistration: RegistrationResponse | undefined;
  /** The WebAuthn response with which an operator signs in. */
  readonly operatorSignIn: AuthenticationResponse | undefined;
  /** The WebAuthn response with which the owner of `passkey` and `removedPasskey` can add another passkey. */
  readonly newPasskey: RegistrationResponse | undefined;
}
interface RouteCall extends Pick<Request, 'body'> {
  readonly params?: Readonly<Record<string, string>>;
  /** @default - no query */
  readonly query?: string;
}

/** A credential of another server. Its AAGUID makes the service look for the name of the authenticator. */
const imported = itemOf('walking-moved-user', passkeyOf('walking-moved-user'), {
  aaguid: '08987058-cadc-4b81-b6e1-30de50dcbe96',
});

/**
 * Returns valid parameters and a valid body for each route, so that the service can refuse a request only because of
 * the request's credential. TypeScript reports an error if a route is missing here.
 */
const calls = (things: Things): Readonly<Record<RouteName, RouteCall>> => ({
  'sign-up-customer': {
    body: { customer: { name: 'Walk' }, representative: { name: 'Wanda', email: 'walk@example.com' } },
  },
  'request-sign-in-link': { body: { email: 'walk@example.com' } },
  'create-session': { body: { token: things.signInToken } },
  'request-session-options': {},
  'get-session': {},
  'delete-session': {},
  'list-sessions': {},
  'delete-sessions': {},
  'list-passkeys': {},
  'request-passkey-options': {},
  'add-passkey': { body: { name: 'Walking Key', passkey: things.newPasskey } },
  'rename-passkey': { params: { id: things.passkey }, body: { name: 'Walked Key' } },
  'remove-passkey': { params: { id: things.removedPasskey } },
  'get-customer': {},
  'edit-customer': { body: { name: 'Walked Corporation' } },
  'change-representative': { body: { administratorId: things.administrator } },
  'set-mau-alert': { body: { enabled: true, threshold: 800, recipients: [things.administrator] } },
  'get-webhook': {},
  // Nobody listens on this port, so the service sends nothing to another machine.
  'set-webhook': { body: { url: 'https://127.0.0.1:9/' } },
  'rotate-webhook-secret': {},
  'test-webhook': {},
  'remove-webhook': {},
  'unsubscribe-customer': { body: { confirmation: 'Example Corporation' } },
  'cancel-unsubscription': {},
  'list-audit-entries': {},
  'get-mau': {},
  'list-active-users': { query: `month=${new Date().toISOString().slice(0, '2026-11'.length)}&rp=${things.rp}` },
  'list-statements': {},
  'list-administrators': {},
  'add-administrator': {
    body: { name: 'Carol Chiba', email: 'carol@example.com', privilege: 'administrator' },
  },
  'edit-administrator': { params: { id: things.administrator }, body: { name: 'Bob B. Baba' } },
  'remove-administrator': { params: { id: things.removedAdministrator } },
  'send-activation-link': { params: { id: things.provisionalAdministrator } },
  'undo-recovery': { params: { id: things.recoveredAdministrator } },
  'set-mail-settings': {
    body: { language: 'ja', notices: { license: true, users: false, statements: true } },
  },
  'change-email': { body: { email: 'another@example.com' } },
  'confirm-email': { body: { token: things.confirmationToken } },
  'list-rps': {},
  'register-rp': { body: { rpId: 'walk.example.com', name: 'Example Walk' } },
  'get-rp': { params: { id: things.rp } },
  'edit-rp': { params: { id: things.rp }, body: { name: 'Walked Shop', settings: { timeoutSeconds: 120 } } },
  'verify-rp': { params: { id: things.removedRp } },
  'remove-rp': { params: { id: things.removedRp } },
  'get-activity': { params: { id: things.rp } },
  'list-api-keys': { params: { id: things.rp } },
  'create-api-key': { params: { id: things.rp }, body: { name: 'Walk' } },
  'delete-api-key': { params: { id: things.rp, keyId: things.removedKey } },
  'get-own-rp': {},
  'list-users-of-rp': { params: { id: things.rp }, query: `userName=${things.user}` },
  'get-user-of-rp': { params: { id: things.rp, userId: things.user } },
  'edit-user-of-rp': {
    params: { id: things.rp, userId: things.user },
    body: { userName: 'walked-by-alice', displayName: 'Walked by Alice', disabled: true },
  },
  'remove-user-of-rp': { params: { id: things.rp, userId: things.removedUserOfRp } },
  'list-credentials-of-rp': { params: { id: things.rp, userId: things.user } },
  'edit-credential-of-rp': {
    params: { id: things.rp, userId: things.user, credentialId: things.credential },
    body: { name: 'Walked by Alice', disabled: true },
  },
  'remove-credential-of-rp': {
    params: { id: things.rp, userId: things.user, credentialId: things.removedCredentialOfRp },
  },
  'list-users': { query: `userName=${things.user}` },
  'register-users': { body: { users: [{ userId: 'walking-user' }] } },
  'get-user': { params: { userId: things.user } },
  'edit-user': {
    params: { userId: things.user },
    body: { userName: 'walked', displayName: 'Walked', attributes: { walked: true }, disabled: false },
  },
  'remove-user': { params: { userId: things.removedUser } },
  'list-credentials': { params: { userId: things.user } },
  'get-credential': { params: { userId: things.user, id: things.credential } },
  'edit-credential': {
    params: { userId: things.user, id: things.credential },
    body: { name: 'Walked', attributes: { walked: true }, disabled: false, userVerified: true },
  },
  'remove-credential': { params: { userId: things.user, id: things.removedCredential } },
  'import-credentials': { body: { items: [imported] } },
  'export-credentials': { query: 'limit=1' },
  'request-registration-options': { body: { userId: things.user } },
  'register-credential': { body: things.registration },
  'request-authentication-options': { body: { userId: things.user } },
  'authenticate-user': { body: things.authentication },
  'report-operations': { body: { operations: [{ userId: things.user, type: 'authentication' }] } },
  'get-token-keys': { params: { id: things.rp } },
  'answer-fss-call': { params: { 'proxy+': 'getUser' }, body: { userId: 'dXNlci0x' } },
  'request-operator-session-options': {},
  'create-operator-session': { body: { passkey: things.operatorSignIn } },
  'get-operator-session': {},
  'delete-operator-session': {},
  'request-operator-passkey-options': { body: { token: things.operatorLink } },
  'get-operator-overview': {},
  'list-operator-customers': { query: 'list=name&search=Example' },
  'get-operator-customer': { params: { id: things.customer } },
  'list-operator-activity': { params: { id: things.customer } },
  'list-failed-mails': {},
  'add-operator-passkey': { body: { token: things.operatorLink, passkey: things.operatorRegistration } },
  'list-plans': {},
  'get-health': {},
  'get-openapi': {},
  'answer-not-found': {},
});

/**
 * Calls a route with valid parameters and a valid body, with the credential `as` if it is defined. If the route
 * requires `If-Match`, sends the customer's version `etag` in it. Returns the response.
 */
export function callRoute(
  service: Pick<TestService, 'send'>,
  route: Route & { readonly name: RouteName },
  things: Things,
  as: string | undefined,
  etag = '"1"',
) {
  const { params = {}, query, body } = calls(things)[route.name];
  const { ifMatch } = (contracts as Partial<Record<RouteName, Contract>>)[route.name] ?? {};
  const path = route.path.replaceAll(/\{(\w+\+?)\}/g, (_, name: string) => params[name] ?? '');
  const url = query === undefined ? path : `${path}?${query}`;
  const request = route.method === 'ANY' ? 'GET /v1/nothing-of-the-kind' : `${route.method} ${url}`;
  return service.send(request, { as, body, headers: ifMatch === true ? { 'if-match': etag } : {} });
}

/** Returns whether routes for this kind of caller need the session of an administrator. */
const isAdministrators = (caller: CallerKind): boolean => !['anyone', 'operator', 'rp', 'fss'].includes(caller);

/**
 * The routes that need a credential, grouped by the kind of the credential. The route for the FSS format is not among
 * them, because it responds to a wrong credential in its own format.
 */
export const guarded = {
  bySession: routes.filter(({ caller }) => isAdministrators(caller)),
  /** The routes that refuse a session whose only right is to add a passkey. */
  byFullSession: routes.filter(({ caller }) => isAdministrators(caller) && caller !== 'signed-in'),
  byOperator: routes.filter(({ caller }) => caller === 'operator'),
  byApiKey: routes.filter(({ caller }) => caller === 'rp'),
  byPrivilege: routes.filter(({ caller }) => caller === 'privileged' || caller === 'representative'),
  byRepresentative: routes.filter(({ caller }) => caller === 'representative'),
};

/** Returns the credential with which a call of a route succeeds. */
export function credentialFor(
  { caller }: Pick<Route, 'caller'>,
  {
    alice,
    apiKey,
    operatorSession,
  }: Pick<Awaited<ReturnType<typeof makeThings>>, 'apiKey' | 'operatorSession'> & {
    readonly alice: { readonly session: string };
  },
): string | undefined {
  if (caller === 'anyone') return undefined;
  if (caller === 'rp') return apiKey;
  return caller === 'operator' ? operatorSession : alice.session;
}

/**
 * Creates a customer with everything that the calls of the routes need, and two operators. The license of the customer
 * allows further RPs and users.
 */
export async function makeThings(service: TestService) {
  const signedUp = await service.signUp();
  const { customerId } = signedUp;
  // The test adds the passkey before it requests the new e-mail address, because adding the first passkey cancels a
  // requested address change. Alice then signs in with the passkey, because a change of the address ends the sessions
  // that were opened with a link.
  const { passkey: softPasskey, id: passkey } = await service.addPasskey(signedUp.session);
  const session = await service.signInByPasskey(softPasskey);
  const alice = { ...signedUp, session, passkey: softPasskey };
  await service.setLicense(customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  const bob = await service.addAdministrator(session, 'administrator');
  const dave = await service.addAdministrator(session, 'administrator');
  const invited = { name: 'Peter Provisional', email: service.newEmail(), privilege: 'administrator' };
  const peter = await service.send('POST /v1/administrators', { as: session, body: invited });
  const [rp, removedRp] = [await service.newRp(session), await service.newRp(session, 'removed.example.com')];
  for (const { id } of [rp, removedRp]) {
    const { verification } = (await service.send(`GET /v1/rps/${id}`, { as: session })).read(rpDetails);
    const { name, value } = verification.record;
    await service.send('PUT /_local/dns', { body: { name, txt: [value] } });
  }
  // The ceremonies need a verified RP. The route `verify-rp` verifies the other one.
  await service.send(`POST /v1/rps/${rp.id}/verification`, { as: session });
  const key = await service.newApiKey(session, rp.id);
  await service.registerUsers(key.apiKey, ['user-1', 'user-2', 'user-3']);
  const credentials = await makeCredentials(service, rp.id);
  const { rpId } = rp;
  const testRp = testRpOf(service, { owner: signedUp, rpRef: rp.id, rpId, apiKey: key.apiKey });
  const { passkey: userPasskey, body: firstRegistration } = await testRp.create({
    ...{ userId: 'user-4', createUser: true },
    user: { userHandle: Buffer.from('user-4').toString('base64url') },
  });
  // The RP has keys for tokens from its first token on.
  await testRp.end('registrations', { ...firstRegistration, token: true });

  const frank = await service.addAdministrator(session, 'administrator');
  await service.addPasskey(frank.session);
  await service.addPasskey(await service.signIn(frank.email));

  const newEmail = service.newEmail();
  await service.send('PUT /v1/administrators/me/email', { as: session, body: { email: newEmail } });
  const confirmationToken = await service.linkTo(newEmail);
  await service.send('POST /v1/sign-in-links', { body: { email: bob.email } });
  const operator = await newOperator(service);
  const operatorSession = await signInOperator(service, operator.passkey);
  const { token: operatorLink } = await addOperator(service);
  const things: Things = {
    customer: customerId,
    administrator: bob.administratorId,
    provisionalAdministrator: (peter.body as { id: string }).id,
    removedAdministrator: dave.administratorId,
    recoveredAdministrator: frank.administratorId,
    rp: rp.id,
    removedRp: removedRp.id,
    removedKey: (await service.newApiKey(session, rp.id)).keyId,
    user: 'user-1',
    removedUser: 'user-2',
    removedUserOfRp: 'user-3',
    ...credentials,
    registration: { ...(await testRp.create({ userId: 'user-4' })).body, token: true },
    authentication: { ...(await testRp.use(userPasskey)), token: true },
    signInToken: await service.linkTo(bob.email),
    confirmationToken,
    passkey,
    removedPasskey: (await service.addPasskey(session)).id,
    newPasskey: (await service.makePasskey(session)).response,
    operatorLink,
    operatorRegistration: (await createOperatorPasskey(service, operatorLink)).response,
    operatorSignIn: await operatorAnswerWith(service, operator.passkey),
  };
  // The ceremonies have counted users. The aggregator would otherwise write while a test compares the table.
  await service.drain();
  return { customerId, alice, bob, dave, operatorSession, apiKey: key.apiKey, keyId: key.keyId, things };
}

/**
 * Stores credentials of user-1, user-2 and user-3. The used challenges of user-2 and user-3 need not be kept any more,
 * and those of the removed credentials of user-1 must be kept.
 */
async function makeCredentials(service: TestService, rpRef: string) {
  const table = openTable(service.tableName, localClientConfig(service.endpoint));
  const [credential = '', removedCredential = '', removedCredentialOfRp = ''] = await registerCredentials(
    table,
    rpRef,
    'user-1',
    3,
  );
  for (const userId of ['user-2', 'user-3']) {
    await registerCredentials(table, rpRef, userId, 1, { now: service.now() - 2 * DAY });
  }
  const { userHandle = '' } = (await readUser(table, rpRef, 'user-1', 'strong')) ?? {};
  for (const credentialId of [removedCredential, removedCredentialOfRp]) {
    await signInWith(table, { rpRef, userHandle, credentialId }, service.now());
  }
  table.client.destroy();
  return { credential, removedCredential, removedCredentialOfRp };
}
