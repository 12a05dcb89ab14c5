import { beforeAll, describe, expect, it } from 'vitest';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { anotherClient, measure, watchAttempts } from '../support/table-faults.ts';

// The units behind the check of the API key, which a process caches.

let measured: CeremonyProcess;
let passkey: SoftPasskey;
/** Performs a request, and returns the read and write units that it used. */
let units: (perform: () => Promise<unknown>) => Promise<{ read: number; write: number }>;
/** The number of attempts to write. */
let writes = 0;
let setTime: (time: string) => void;

beforeAll(async () => {
  const opened = await openCeremonies();
  const table = anotherClient(opened.metering.table);
  const used = measure(table);
  watchAttempts(table, ({ command }) => {
    if (/^(Put|Update|Transact)/.test(command)) writes += 1;
  });
  measured = opened.process(table);
  units = async (perform) => {
    const before = { ...used };
    await perform().catch(() => undefined);
    return { read: used.read - before.read, write: used.write - before.write };
  };
  setTime = (time) => {
    opened.metering.clock.time = Date.parse(time);
  };
  const created = await measured.create({ userId: 'user-1', createUser: true });
  await measured.register(created.ended);
  ({ passkey } = created);
});

describe('the units of a sign-in', () => {
  it('are one write and two small reads in a month in which the user was counted', async () => {
    const ended = await measured.use(passkey);
    expect(await units(() => measured.signIn(ended))).toEqual({ read: 1, write: 1 });
  });

  it('are three more writes and one more small read when it counts the user', async () => {
    setTime('2026-12-02T12:00:00Z');
    const ended = await measured.use(passkey);
    expect(await units(() => measured.signIn(ended))).toEqual({ read: 1.5, write: 4 });
  });

  it('are none with the options without a user, and two small reads with the options for a user', async () => {
    expect(await units(() => measured.use(passkey))).toEqual({ read: 0, write: 0 });
    expect(await units(() => measured.use(passkey, { userId: 'user-1' }))).toEqual({ read: 1, write: 0 });
  });

  it('are not more when the sign-in is refused', async () => {
    const ended = await measured.use(passkey);
    await measured.signIn(ended);
    const replayed = await units(() => measured.signIn(ended));
    expect(replayed.write).toBe(0);
    const wrong = await measured.use({ ...passkey, credentialId: Buffer.alloc(16, 1) });
    const unknown = await units(() => measured.signIn(wrong));
    expect(unknown.write).toBe(0);
    const forged = await measured.use(passkey, {}, { challenge: 'AAAA' });
    const refused = await units(() => measured.signIn(forged));
    expect(refused).toEqual({ read: 2.5, write: 0 });
    // A write unit costs five times as much as a read unit.
    for (const { read } of [replayed, unknown, refused]) expect(read).toBeLessThanOrEqual(6);
  });
});

it('50 sign-ins with one credential at the same time make 50 writes, because no condition is false', async () => {
  const begun = [];
  for (let index = 0; index < 50; index += 1) begun.push(await measured.use(passkey));
  writes = 0;
  await Promise.all(begun.map((ended) => measured.signIn(ended)));
  expect(writes).toBe(50);
});

describe('the units of a sign-in of a user with 20 credentials and large attributes', () => {
  it('are not more when the credential is unknown than when the sign-in is accepted', async () => {
    const large = { attributes: { note: 'x'.repeat(2_000) } };
    let last = await measured.create({ userId: 'user-20', createUser: true });
    for (let count = 1; count <= 20; count += 1) {
      await measured.register({ ...last.ended, credential: large });
      if (count < 20) last = await measured.create({ userId: 'user-20' });
    }
    const ended = await measured.use(last.passkey);
    const accepted = await units(() => measured.signIn(ended));
    const wrong = await measured.use({ ...last.passkey, credentialId: Buffer.alloc(16, 1) });
    const unknown = await units(() => measured.signIn(wrong));
    // In units of the price of a read. A write unit costs five times as much.
    expect(unknown.write).toBe(0);
    expect(unknown.read).toBeLessThanOrEqual(accepted.read + 5 * accepted.write);
  });
});

describe('the units of a registration', () => {
  it('are at most 18 writes for a new user, and at most 10 for a user who has a credential', async () => {
    const added = await measured.create({ userId: 'user-2', createUser: true, user: { userName: 'User Two' } });
    const isNew = await units(() => measured.register(added.ended));
    const second = await measured.create({ userId: 'user-2' });
    const isOld = await units(() => measured.register(second.ended));
    console.log(isNew, isOld);
    expect(isNew.write).toBeLessThanOrEqual(18);
    expect(isOld.write).toBeLessThanOrEqual(10);
  });
});
