import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { customerKey, leadingKeysOf, type PartitionKind } from '../../functions/table/keys.ts';
import type { TableAction, TableRights } from '../../functions/table/role-statements.ts';
import { newTestRp } from '../support/fido2/ceremonies.ts';
import { createBlobSigner, entryFor } from '../support/fido2/metadata.ts';
import { fssUserIdOf, performFssWith } from '../support/fss.ts';
import { fssKeyTypes, newFssKey } from '../support/fss-client.ts';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { callRoute, credentialFor, makeThings } from '../support/route-calls.ts';
import { newOperator, signInOperator } from '../support/operators.ts';
import { startTestService, type TestService } from '../support/service.ts';

/**
 * Rights that functions use only in a race, after a fault or when their time runs out. Other tests cover these cases,
 * but do not enforce the roles of the functions.
 */
const beyondThisTest: Readonly<Partial<Record<LambdaFunctionName, readonly string[]>>> = {
  // The function uses these rights to cancel an unsubscription because of a paid license that began during the grace
  // period, and to store and delete the cursor, the position at which the function stopped because it ran out of time.
  'begin-discarding': ['PutItem table MAIL#*', 'PutItem table CURSOR#*', 'DeleteItem table CURSOR#*'],
  // The function uses these rights to store and delete the cursor, the position at which the function stopped because
  // it ran out of time.
  'close-months': ['PutItem table CURSOR#*', 'DeleteItem table CURSOR#*'],
  // The function uses this right to seal a webhook's secret again after the stage's secret was rotated.
  'deliver-webhooks': ['PutItem table CUSTOMER#*'],
  // The function uses this right to delete a confirming e-mail that SES has not accepted within a day.
  'discard-items': ['DeleteItem table MAIL#*'],
  // The function uses these rights to store and delete the cursor.
  'recount-active-users': ['PutItem table CURSOR#*', 'DeleteItem table CURSOR#*'],
  // The function uses these rights to read the license of a past month, to delete an alert that the customer switched
  // off, and to store and delete the cursor, the position at which the function stopped because it ran out of time.
  'send-mau-alerts': ['DeleteItem table CUSTOMER#*', 'PutItem table CURSOR#*', 'DeleteItem table CURSOR#*'],
};

/** The right with which the discarding worker deletes unsent e-mails, if there are any when it runs in this test. */
const ifThereAreMails = 'BatchWriteItem table MAIL#*';

/**
 * How long the tests wait for the service to discard items on a busy machine, and how often they check, in
 * milliseconds.
 */
const PATIENCE = { timeout: 60_000, interval: 500 };

/** Returns the rights of a function, each as `action resource kind`. */
function rightsOf({ table, finder = [] }: TableRights): string[] {
  return [
    ...(Object.entries(table) as [PartitionKind, readonly TableAction[]][]).flatMap(([kind, actions]) =>
      actions.map((action) => `${action} table ${leadingKeysOf(kind)}`),
    ),
    ...finder.map((kind) => `Query finder ${leadingKeysOf(kind)}`),
  ];
}

/**
 * In every test that starts the service, the service refuses a call that the role of the calling function does not
 * allow. The tests below call every function, and find rights that a function does not use.
 */
describe('in this test of the rights to the table,', () => {
  let service: TestService;
  const used = new Map<string, Set<string>>();

  beforeAll(async () => {
    service = await startTestService({
      limitsSignUps: true,
      onTableUse: (name, { resource, action, keys }) => {
        const uses = used.get(name) ?? new Set();
        for (const key of keys) {
          const [kind = '', id] = key.split('#');
          uses.add(`${action} ${resource} ${id === undefined ? kind : `${kind}#*`}`);
        }
        used.set(name, uses);
      },
    });
    await callEveryRoute();
    await passInvitationsOn();
    await runTheMonth();
    await updateMetadata();
    await performCeremonies();
    await callInFssFormat();
    await changeOperators();
    await leave();
  });
  afterAll(() => service.stop());

  async function callEveryRoute(): Promise<void> {
    const made = await makeThings(service);
    const { alice, things } = made;
    // The operators' pages read the summary. The second run deletes the rows of the first one.
    for (let run = 0; run < 2; run += 1) await service.send('POST /_local/schedules/customer-summary');
    const last = ['delete-session', 'delete-sessions', 'delete-operator-session'];
    const [others, ending] = [
      routes.filter(({ name }) => !last.includes(name) && name !== 'unsubscribe-customer'),
      routes.filter(({ name }) => last.includes(name)),
    ];
    for (const route of [...others, ...ending]) {
      const view = await service.send('GET /v1/customer', { as: alice.session });
      const as = credentialFor(route, made);
      await callRoute(service, route, things, as, view.headers.get('etag') ?? '');
    }
  }

  /**
   * Lets three invitations expire, and then uses the e-mail addresses of the invitations again: for a sign-up, for a
   * new administrator and for a representative. Also removes an invited person whose address belongs to another
   * customer.
   */
  async function passInvitationsOn(): Promise<void> {
    const carol = await service.signUp();
    const { passkey } = await service.addPasskey(carol.session);
    const invited = [service.newEmail(), service.newEmail(), service.newEmail()];
    for (const email of invited) {
      const body = { name: 'Ina', email, privilege: 'administrator' };
      await service.send('POST /v1/administrators', { as: carol.session, body });
    }
    await service.pass(7 * DAY + MINUTE);
    const again = await service.signInByPasskey(passkey);
    const [first, second, third = ''] = invited;
    const body = { customer: { name: 'Own' }, representative: { name: 'Ina', email: first } };
    await service.send('POST /v1/customers', { body });
    await service.send('POST /v1/administrators', {
      as: again,
      body: { name: 'Ina', email: second, privilege: 'administrator' },
    });
    const elsewhere = await service.signUp();
    const refused = await service.send('POST /v1/administrators', {
      as: again,
      body: { name: 'Ina', email: elsewhere.email, privilege: 'administrator' },
    });
    await service.send(`DELETE /v1/administrators/${(refused.body as { id: string }).id}`, { as: again });
    await service.operate({ command: 'set-representative-email', customerId: carol.customerId, email: third });
    await service.operate({ command: 'set-representative-email', customerId: carol.customerId, email: carol.email });
  }

  /**
   * Registers a new user with a user handle of the RP's own, and a first credential of a user who exists. Tries to sign
   * in with an unknown credential, which the service stores as a refusal.
   */
  async function performCeremonies(): Promise<void> {
    const rp = await newTestRp(service);
    // The functions of the local service share one cache of API keys.
    await service.pass(HOUR + MINUTE);
    await rp.register({ userId: 'user-1', user: { userHandle: 'AAAA' } });
    await service.registerUsers(rp.apiKey, ['user-2']);
    await service.pass(HOUR + MINUTE);
    const aaguid = Buffer.alloc(16, 1);
    const { passkey } = await rp.register({ userId: 'user-2', createUser: false }, { aaguid });
    await rp.signIn(passkey, { userId: 'user-2' });
    await rp.end('authentications', await rp.use({ ...passkey, credentialId: Buffer.alloc(16) }));
  }

  /** Makes every call in the FSS format, with a key of each type, and removes the RP. */
  async function callInFssFormat(): Promise<void> {
    const { owner, origin, ...rp } = await newTestRp(service);
    const [accessKey, dateKey, nonceKey] = await Promise.all(
      fssKeyTypes.map((type) => newFssKey(service, owner.session, { id: rp.rpRef, rpId: rp.rpId }, type)),
    );
    if (!accessKey) throw new Error('There is no key.');
    const call = async (name: string, body: object, cookie?: string | null, key = accessKey) => {
      const outcome = await performFssWith(service, key, name, body, cookie);
      expect([name, outcome.appStatus, outcome.message]).toEqual([name, 'OK', undefined]);
      return outcome;
    };
    await service.pass(HOUR + MINUTE);
    const [userId, newUserId] = [fssUserIdOf(1), fssUserIdOf(2)];
    await call('registerUser', { user: { userId, userName: 'One' } }, null, dateKey);
    const register = async (user: object, options: object, aaguid = Buffer.alloc(16)) => {
      const started = await call('registerCredential/start', { creationOptionsBase: {}, user, options });
      const { passkey, response } = createPasskey(origin, started.data.creationOptions, { aaguid });
      const body = { createResponse: { attestationResponse: response } };
      await call('registerCredential/verify', body, started.cookie);
      const { data } = await call('registerCredential/finish', body, started.cookie);
      return { passkey, credentialId: data.credential.credentialId };
    };
    const credentialAttributes = { text: 'x'.repeat(1_500) };
    await register(
      { userId, userName: 'One' },
      { credentialAttributes, updateUserIfExists: true },
      Buffer.alloc(16, 1),
    );
    const user = { userId: newUserId, userName: 'Two' };
    const { passkey, credentialId } = await register(user, { createUserIfNotExists: true });
    await service.pass(31 * DAY);
    const begun = await call('authenticate/start', { requestOptionsBase: {}, userId: newUserId }, null, nonceKey);
    const attestationResponse = usePasskey(origin, passkey, begun.data.requestOptions);
    await call('authenticate/finish', { requestResponse: { attestationResponse } }, begun.cookie);
    // The service stores this refusal, and discards it with the RP.
    await performFssWith(service, accessKey, 'authenticate/finish', {});
    await call('getUser', { userId });
    await call('getAllUsers', {});
    await call('getUsersByUserName', { userName: 'One' });
    await call('updateUser', { user: { userId, userName: 'Renamed', disabled: false }, options: {} });
    await call('updateUser', { user: { userId, userName: 'Renamed', disabled: true }, options: {} });
    await call('getCredential', { userId: newUserId, credentialId });
    const credential = { userId: newUserId, credentialId, credentialName: 'Renamed', disabled: true };
    await call('updateCredential', { credential, options: {} });
    await call('deleteCredential', { userId: newUserId, credentialId });
    await call('deleteUser', { userId });
    const session = await service.signIn(owner.email);
    expect((await service.send(`DELETE /v1/rps/${rp.rpRef}`, { as: session })).status).toBe(204);
    await service.pass(2 * MINUTE);
    await vi.waitFor(
      async () => {
        const ofRp = [`SIGNED-CALL#${rp.rpRef}`, `REFUSAL#${rp.rpRef}`];
        const left = (await service.dump()).filter(({ pk }) => ofRp.includes(String(pk)));
        expect(left).toEqual([]);
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  /** Stores a BLOB of metadata, and then a BLOB without its entry. */
  async function updateMetadata(): Promise<void> {
    const signer = await createBlobSigner();
    const root = Buffer.from(signer.root.der).toString('base64');
    const entry = entryFor('11111111-2222-3333-4444-555555555555', signer.root);
    await service.send('POST /_local/metadata', { body: { blob: signer.sign(1, [entry]).blob, root } });
    await service.send('POST /_local/metadata', { body: { blob: signer.sign(2, []).blob, root } });
  }

  /** Creates active users. Starts the functions that send an MAU alert, recount active users and close the month. */
  async function runTheMonth(): Promise<void> {
    const dan = await service.signUp();
    const { customerId, session } = dan;
    const { id } = await service.newRp(session);
    const { apiKey } = await service.newApiKey(session, id);
    await service.registerUsers(apiKey, ['user-1', 'user-2']);
    const view = await service.send('GET /v1/customer', { as: session });
    await service.send('PUT /v1/customer/mau-alert', {
      as: session,
      headers: { 'if-match': view.headers.get('etag') ?? '' },
      body: { enabled: true, threshold: 1 },
    });
    // Nobody listens on this port, so the event about the alert is tried again, until the webhook is removed.
    await service.send('PUT /v1/customer/webhook', { as: session, body: { url: 'https://127.0.0.1:9/' } });
    // In the local service, all functions share one cache of API keys, and another function has already used the API
    // key. The test advances the clock until the API key is no longer in the cache.
    await service.pass(HOUR + MINUTE);
    await service.authenticateUsers(apiKey, ['user-1', 'user-2']);
    await service.drain();
    await service.send('POST /_local/schedules/mau-alerts');
    const deliveries = async () =>
      (await service.dump()).filter(
        ({ deliveryId, customerId: owner }) => owner === customerId && deliveryId !== undefined,
      );
    await vi.waitFor(async () => {
      expect(await deliveries()).toMatchObject([{ failure: 'unreachable' }]);
    }, PATIENCE);
    const again = await service.signIn(dan.email);
    // After this time, the function stores the last use of the session.
    await service.pass(6 * MINUTE);
    await service.send('DELETE /v1/customer/webhook', { as: again });
    await service.pass(HOUR);
    await vi.waitFor(async () => {
      expect(await deliveries()).toEqual([]);
    }, PATIENCE);
    await service.send('POST /_local/schedules/recount');
    await service.pass(2 * HOUR);
    await service.send('POST /_local/schedules/recount');
    await service.pass(40 * DAY);
    await service.send('POST /_local/schedules/month-close');
    await service.send('POST /_local/schedules/month-close');
    for (const command of ['show-customer', 'list-final-statements'] as const) {
      await service.operate({ command, customerId });
    }
    const startsAt = new Date(service.now() + 10 * DAY).toISOString();
    for (const command of ['list-customers', 'read-overview', 'list-failed-mails'] as const) {
      await service.operate({ command });
    }
    await service.operate({
      command: 'export-statements',
      month: new Date(service.now() - 40 * DAY).toISOString().slice(0, 7),
    });
    await service.operate({
      command: 'set-license',
      customerId,
      type: 'business',
      startsAt,
      endsAt: '2046-01-01T00:00:00Z',
    });
    await service.operate({ command: 'cancel-license', customerId, startsAt });
  }

  /**
   * Runs the commands about operators. An operator uses a session 5 minutes after the sign-in. Then removes all
   * operators, and with them the summary of the customers.
   */
  async function changeOperators(): Promise<void> {
    const { email, passkey } = await newOperator(service);
    const session = await signInOperator(service, passkey);
    await service.pass(6 * MINUTE);
    await service.send('GET /v1/operator/sessions/current', { as: session });
    await service.send('GET /v1/operator/customers?search=nobody@example.com', { as: session });
    await service.operate({ command: 'link-operator', email });
    const { result } = await service.operate({ command: 'list-operators' });
    for (const { email: each } of (result as { items: { email: string }[] }).items) {
      await service.operate({ command: 'remove-operator', email: each });
    }
    await service.send('POST /_local/schedules/customer-summary');
  }

  /** Unsubscribes one customer as the customer's representative, and another customer as the operator. */
  async function leave(): Promise<void> {
    for (const by of ['representative', 'operator'] as const) {
      const erin = await service.signUp();
      const rp = await newTestRp(service, { owner: erin });
      const { apiKey } = rp;
      await service.registerUsers(apiKey, ['user-1']);
      await service.authenticateUsers(apiKey, ['user-1']);
      const registration = await rp.create({ userId: 'user-2', createUser: true });
      await rp.end('registrations', { ...registration.body, token: true });
      await service.addAdministrator(erin.session, 'administrator');
      // Nobody opens the link of this invitation.
      const email = service.newEmail();
      const invited = { name: 'Ina', email, privilege: 'administrator' };
      await service.send('POST /v1/administrators', { as: erin.session, body: invited });
      const [invitation] = await service.mailsTo(email);
      await service.send(`POST /_local/mail/${invitation?.id ?? ''}/events`, { body: { type: 'bounce' } });
      const body = { confirmation: 'Example Corporation' };
      if (by === 'representative') {
        await service.send('POST /v1/customer/unsubscription', { as: erin.session, body });
        await service.pass(3 * DAY);
      } else {
        const { customerId } = erin;
        await service.operate({ command: 'end-customer', customerId, ...body });
        await service.pass(MINUTE);
        await service.operate({ command: 'list-final-statements', customerId });
        await service.operate({ command: 'show-customer', customerId });
        await service.operate({ command: 'discard-ended-customer', customerId });
      }
      await service.send('POST /_local/schedules/begin-discarding');
      await service.pass(HOUR);
      await vi.waitFor(async () => {
        const left = (await service.dump()).filter(({ pk }) => pk === customerKey(erin.customerId).pk);
        expect(left).toEqual([]);
      }, PATIENCE);
      await service.operate({ command: 'show-customer', customerId: erin.customerId });
    }
  }

  it.each(Object.keys(lambdaFunctions))(
    'the function %s uses all of its rights except those in beyondThisTest',
    (name) => {
      const function_ = name as LambdaFunctionName;
      const unused = rightsOf(lambdaFunctions[function_]).filter((right) => !used.get(name)?.has(right));
      expect(unused.filter((right) => right !== ifThereAreMails)).toEqual(beyondThisTest[function_] ?? []);
    },
  );

  it('every function with rights to the table runs', () => {
    const withRights = Object.entries(lambdaFunctions).filter(([, { table }]) => Object.keys(table).length > 0);
    expect(withRights.length).toBe(used.size);
  });
});
