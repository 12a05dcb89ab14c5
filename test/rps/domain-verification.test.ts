import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RpDetailsView } from '../../functions/contract/rp-views.ts';
import type { RpServer } from '../../functions/domain/callers.ts';
import { CeremonyRefusedError } from '../../functions/domain/errors.ts';
import { requireVerified, withDnsLookUps } from '../../functions/domain/rps/domain-verification.ts';
import { DEFAULT_SETTINGS } from '../../functions/domain/rps/rp-settings.ts';
import { verifyRp } from '../../functions/domain/rps/verify-rp.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { isDeployed } from '../support/backend.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('the verification of a domain', () => {
  let service: TestService;
  let alice: SignedUp;
  let rp: RpDetailsView;
  beforeAll(async () => {
    service = await startTestService({ verifiesDomains: true });
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    alice = await service.signUp();
    rp = await read((await service.newRp(alice.session)).id);
    await publish();
  });

  const read = async (id = rp.id) =>
    (await service.send(`GET /v1/rps/${id}`, { as: alice.session })).body as RpDetailsView;
  const publish = (...txt: string[]) =>
    service.send('PUT /_local/dns', { body: { name: '_FIDO2-server.shop.example.com.', txt } });
  const verify = () => service.send(`POST /v1/rps/${rp.id}/verification`, { as: alice.session });

  it('is required for a new RP, whose record has a value of its own', async () => {
    const value = expect.stringMatching(/^fido2-server-verification=[\w-]{43}$/) as string;
    const record = { name: '_fido2-server.shop.example.com', type: 'TXT', value };
    expect(rp.verification).toEqual({ required: true, verifiedAt: null, record });
    const other = await service.signUp();
    const { id } = await service.newRp(other.session);
    const answer = await service.send(`GET /v1/rps/${id}`, { as: other.session });
    expect((answer.body as RpDetailsView).verification.record.value).not.toBe(rp.verification.record.value);
  });

  it('finds the record beside other records, is shown from then on, and changes no version', async () => {
    await publish('v=spf1 -all', ` ${rp.verification.record.value} `);
    const answer = await verify();
    expect(answer.status).toBe(200);
    const verifiedAt = expect.stringMatching(/^\d{4}-.*Z$/) as string;
    expect(answer.body).toEqual({ ...rp, verification: { ...rp.verification, verifiedAt } });
    expect(await read()).toEqual(answer.body);
  });

  it('does not lapse when the record is gone, and keeps its time', async () => {
    await publish(rp.verification.record.value);
    const { body } = await verify();
    await publish();
    expect((await verify()).body).toEqual(body);
  });

  it('is refused with the records found if the right one is missing', async () => {
    const { record } = rp.verification;
    const none = await verify();
    expect([none.status, none.body]).toMatchObject([403, { type: '/problems/rp-not-verified', record, found: [] }]);
    await publish('v=spf1 -all', record.value.toLowerCase());
    const other = await verify();
    expect(other.body).toMatchObject({
      type: '/problems/rp-not-verified',
      found: ['v=spf1 -all', record.value.toLowerCase()],
    });
    expect((await read()).verification.verifiedAt).toBeNull();
    await publish(record.value);
    expect((await verify()).status).toBe(200);
  });

  // The records have 100 KB, and a DNS response has at most 64 KB, so only the local name servers can send them.
  it.skipIf(isDeployed)('shows at most 10 found records of 200 characters', async () => {
    await publish(...Array<string>(20).fill('x'.repeat(5_000)));
    expect((await verify()).body).toMatchObject({ found: Array<string>(10).fill('x'.repeat(200)) });
  });

  it('is refused with 429 after 5 look-ups of one RP, and possible again after 10 seconds', async () => {
    for (let look = 1; look <= 5; look += 1) expect((await verify()).status).toBe(403);
    const refused = await verify();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(refused.body).toMatchObject({ type: '/problems/too-many-requests' });
    await service.pass(10_000);
    expect((await verify()).status).toBe(403);
  });

  it('is shown to the API key of the RP', async () => {
    const { apiKey } = await service.newApiKey(alice.session, rp.id);
    expect((await service.send('GET /v1/rp', { as: apiKey })).body).toMatchObject({ verification: rp.verification });
  });

  it('lets ceremonies begin at once, also with an API key that was refused a moment ago', async () => {
    const { apiKey } = await service.newApiKey(alice.session, rp.id);
    const begin = () => service.send('POST /v1/rp/authentications/options', { as: apiKey, body: {} });
    const refused = await begin();
    expect([refused.status, refused.body]).toMatchObject([403, { type: '/problems/rp-not-verified' }]);
    await service.registerUsers(apiKey, ['user-1']); // everything else works before the verification
    await publish(rp.verification.record.value);
    await verify();
    expect((await begin()).status).toBe(200);
  });

  it('is logged as a change', async () => {
    await publish(rp.verification.record.value);
    await verify();
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      what: 'rp',
      before: { id: rp.id, verified: false },
      after: { id: rp.id, verified: true },
    });
  });
});

it('the verification of a domain looks for nothing where the service verifies no domains', async () => {
  const service = await startTestService();
  const alice = await service.signUp();
  const { id } = await service.newRp(alice.session);
  const answer = await service.send(`POST /v1/rps/${id}/verification`, { as: alice.session });
  expect([answer.status, answer.body]).toMatchObject([200, { verification: { required: false, verifiedAt: null } }]);
  await service.stop();
});

describe('with name servers that this test controls,', () => {
  let metering: Metering;
  let owner: Awaited<ReturnType<Metering['signUp']>>;
  let rpRef: string;
  beforeEach(async () => {
    metering = await openMetering();
    owner = await metering.signUp();
    ({ rpRef } = await owner.rp());
  });
  const services = (lookUpTxt: (name: string) => Promise<string[]>) =>
    withDnsLookUps({ ...metering.services, verifyDomains: true }, lookUpTxt);
  const found = () =>
    verifyRp(
      services(() => Promise.resolve([])),
      callers,
      rpRef,
    );
  let callers: Awaited<ReturnType<typeof owner.caller>>;
  beforeEach(async () => {
    callers = await owner.caller();
  });
  const valueOf = async () => {
    const error = await found().catch((thrown: unknown) => thrown as CeremonyRefusedError);
    return (error as CeremonyRefusedError).extension['record'] as { name: string; value: string };
  };

  it('a failure of the name servers changes nothing, and a later request can succeed', async () => {
    const { value } = await valueOf();
    const failing = services(() => Promise.reject(new UnavailableError('no response')));
    await expect(verifyRp(failing, callers, rpRef)).rejects.toThrow(UnavailableError);
    const working = services(() => Promise.resolve([value]));
    expect((await verifyRp(working, callers, rpRef)).verification.verifiedAt).not.toBeNull();
  });

  it('two requests at the same time store one time, and both return it', async () => {
    const { value } = await valueOf();
    const answers = await Promise.all(
      [0, 1].map((number) =>
        verifyRp(
          services(async () => {
            metering.clock.time += number;
            return Promise.resolve([value]);
          }),
          callers,
          rpRef,
        ),
      ),
    );
    expect(new Set(answers.map(({ verification }) => verification.verifiedAt)).size).toBe(1);
  });

  it('an RP that was removed during the look-up stays removed', async () => {
    const { value } = await valueOf();
    const removing = services(async () => {
      await owner.removeRp(rpRef);
      return [value];
    });
    await expect(verifyRp(removing, callers, rpRef)).rejects.toThrow('There is no such RP.');
    expect((await metering.dump()).filter(({ sk }) => sk === `RP#${rpRef}`)).toEqual([]);
  });

  describe('a ceremony', () => {
    const serverOf = (rpId: string, verifiedAt: number | null): RpServer => ({
      customerId: owner.customerId,
      rpRef,
      keyId: 'key_00000000000000000000',
      rp: { rpId, name: 'Shop', registeredUsers: 0, createdAt: 0, verifiedAt, settings: DEFAULT_SETTINGS },
    });
    const require = (verifyDomains: boolean, server: RpServer) =>
      requireVerified({ table: metering.table, verifyDomains }, server);

    it('is refused for an RP that is not verified', async () => {
      const refused = require(true, serverOf('shop.example.com', null));
      await expect(refused).rejects.toThrow(CeremonyRefusedError);
      await expect(refused).rejects.toMatchObject({ refusal: 'rp-not-verified' });
    });

    it('is possible for a verified RP, for localhost, and where the service verifies no domains', async () => {
      await require(true, serverOf('shop.example.com', 1));
      await require(true, serverOf('localhost', null));
      await require(false, serverOf('shop.example.com', null));
    });

    it('is possible at once after the verification, although the process remembers the RP as it was', async () => {
      const { value } = await valueOf();
      await verifyRp(
        services(() => Promise.resolve([value])),
        callers,
        rpRef,
      );
      await require(true, serverOf('shop.example.com', null));
    });
  });
});
