import { randomBytes } from 'node:crypto';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { getTokenKeys } from '../../functions/domain/fido2/tokens/get-token-keys.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/domain/time.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { verifyToken } from '../support/fido2/tokens.ts';
import { anotherClient, measure, watchAttempts } from '../support/table-faults.ts';

// The keys that sign tokens, in several processes. Each process may have other secrets of the stage.

let opened: Awaited<ReturnType<typeof openCeremonies>>;
let passkey: SoftPasskey;
beforeEach(async () => {
  opened = await openCeremonies();
  const process = opened.process();
  const created = await process.create({ userId: 'user-1', createUser: true });
  await process.register(created.ended);
  ({ passkey } = created);
});

const processOn = (table: Table, secrets?: Uint8Array[]) => opened.process(table, 0, secrets && (() => secrets));
const tokenFrom = async (process: CeremonyProcess) => {
  const { token } = await process.signIn({ ...(await process.use(passkey)), token: true });
  return token ?? '';
};
const kidOf = (token: string) => decodeProtectedHeader(token).kid;
const keySet = (): Promise<JSONWebKeySet> => getTokenKeys(opened.metering.services, opened.caller.rpRef);
const verify = async (token: string) =>
  verifyToken(
    token,
    await keySet(),
    { issuer: `https://console.example/v1/rps/${opened.caller.rpRef}`, audience: opened.caller.rp.rpId },
    opened.metering.clock.now(),
  );
const pass = (milliseconds: number) => {
  opened.metering.clock.time += milliseconds;
};

describe('processes that sign tokens for one RP', () => {
  it('all use the first key that one of them stores, even if they begin at once', async () => {
    const processes = Array.from({ length: 8 }, () => processOn(anotherClient(opened.metering.table)));
    const tokens = await Promise.all(processes.map(tokenFrom));
    const { keys } = await keySet();
    expect(keys).toHaveLength(1);
    expect(new Set(tokens.map(kidOf))).toEqual(new Set([keys[0]?.kid]));
    for (const token of tokens) await verify(token);
  });

  it('all sign with the next key when its time comes, although each has read the keys at another time', async () => {
    const processes = Array.from({ length: 4 }, () => processOn(anotherClient(opened.metering.table)));
    const [early, ...others] = processes;
    if (!early) throw new Error('There is no process.');
    const first = kidOf(await tokenFrom(early));
    pass(15 * DAY);
    await Promise.all(others.map(tokenFrom));
    // All of them find the key due at once. One of them stores the next key.
    pass(14 * DAY);
    expect(new Set((await Promise.all(processes.map(tokenFrom))).map(kidOf))).toEqual(new Set([first]));
    const { keys } = await keySet();
    expect(keys).toHaveLength(2);
    pass(DAY);
    const changed = await Promise.all(processes.map(tokenFrom));
    expect(new Set(changed.map(kidOf))).toEqual(new Set([keys[1]?.kid]));
    for (const token of changed) await verify(token);
  });

  it('write nothing and read once if there is a key, and then make no call for the key', async () => {
    await tokenFrom(processOn(opened.metering.table));
    const table = anotherClient(opened.metering.table);
    const commands: string[] = [];
    watchAttempts(table, ({ command }) => {
      commands.push(command);
    });
    const process = processOn(table);
    const made = async (perform: () => Promise<unknown>) => {
      commands.length = 0;
      await perform();
      return [...commands].sort();
    };
    const ended = await process.use(passkey);
    const without = await made(() => process.signIn(ended));
    const cold = await made(() => tokenFrom(process));
    const warm = await made(() => tokenFrom(process));
    expect(cold).toEqual([...without, 'GetItemCommand'].sort());
    expect(warm).toEqual(without);
  });

  it('use one read unit more for a stored key, and six write units more to store a key', async () => {
    const table = anotherClient(opened.metering.table);
    const used = measure(table);
    const units = async (perform: () => Promise<unknown>) => {
      const before = { ...used };
      await perform();
      return { read: used.read - before.read, write: used.write - before.write };
    };
    const warm = processOn(table);
    const [first, later] = [await units(() => tokenFrom(warm)), await units(() => tokenFrom(warm))];
    const cold = await units(() => tokenFrom(processOn(table)));
    pass(29 * DAY);
    // The user is counted in the new month.
    await warm.signIn(await warm.use(passkey));
    const renewed = await units(() => tokenFrom(warm));
    // A sign-in takes one unit of each kind.
    expect({ first, later, cold, renewed }).toEqual({
      first: { read: 2, write: 7 },
      later: { read: 1, write: 1 },
      cold: { read: 2, write: 1 },
      renewed: { read: 2, write: 7 },
    });
  });

  it('sign with the same key after the secret of the stage was replaced twice, if a token was signed in between', async () => {
    const [first, second, third] = [opened.secret, randomBytes(32), randomBytes(32)];
    const { table } = opened.metering;
    const kid = kidOf(await tokenFrom(processOn(table, [first])));
    const warm = processOn(table, [first]);
    await tokenFrom(warm);
    expect(kidOf(await tokenFrom(processOn(table, [second, first])))).toBe(kid);
    // The process with the newer secret has sealed the key with it. A process that remembers the key needs no secret.
    expect(kidOf(await tokenFrom(warm))).toBe(kid);
    const token = await tokenFrom(processOn(table, [third, second]));
    expect(kidOf(token)).toBe(kid);
    await verify(token);
  });

  it('sign with a new key if no secret opens the key, and the old one stays published for an hour', async () => {
    const { table } = opened.metering;
    const old = await tokenFrom(processOn(table));
    const later = [randomBytes(32), randomBytes(32)];
    const token = await tokenFrom(processOn(table, later));
    expect(kidOf(token)).not.toBe(kidOf(old));
    for (const each of [old, token]) await verify(each);
    expect(kidOf(await tokenFrom(processOn(table, later)))).toBe(kidOf(token));
    pass(HOUR + SECOND);
    expect((await keySet()).keys.map(({ kid }) => kid)).toEqual([kidOf(token)]);
  });

  it('use such a new key soon, even if they remember the old one', async () => {
    const { table } = opened.metering;
    let secrets = [opened.secret];
    const warm = opened.process(table, 0, () => secrets);
    const old = await tokenFrom(warm);
    // The operator replaces the secret twice at once.
    secrets = [randomBytes(32), randomBytes(32)];
    const kid = kidOf(await tokenFrom(processOn(table, secrets)));
    const stale = await tokenFrom(warm);
    expect(kidOf(stale)).toBe(kidOf(old));
    await verify(stale);
    pass(30 * MINUTE + SECOND);
    const token = await tokenFrom(warm);
    expect(kidOf(token)).toBe(kid);
    await verify(token);
  });

  it('drop a published key that no secret opens before it signs', async () => {
    const { table } = opened.metering;
    await tokenFrom(processOn(table));
    pass(29 * DAY);
    await tokenFrom(processOn(table));
    expect((await keySet()).keys).toHaveLength(2);
    const later = [randomBytes(32)];
    const kid = kidOf(await tokenFrom(processOn(table, later)));
    pass(2 * DAY);
    const token = await tokenFrom(processOn(table, later));
    expect(kidOf(token)).toBe(kid);
    await verify(token);
    expect((await keySet()).keys.map((key) => key.kid)).toEqual([kid]);
  });

  it('store no key after the RP was removed, although they remember its API key', async () => {
    const { table, dump } = opened.metering;
    const process = processOn(table);
    const ended = await process.use(passkey);
    await opened.owner.removeRp(opened.caller.rpRef);
    await expect(process.signIn({ ...ended, token: true })).rejects.toThrow('The RP was removed.');
    expect((await dump()).filter(({ pk }) => String(pk).startsWith('TOKEN-KEYS#'))).toEqual([]);
  });
});
