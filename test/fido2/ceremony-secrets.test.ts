import { describe, expect, it } from 'vitest';
import { rememberedSecrets } from '../../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { openCeremony, sealCeremony } from '../../functions/domain/fido2/sealing/sealed-ceremony.ts';

const [old, renewed] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];

describe('the secrets that a process remembers', () => {
  it('are read once, and again after a read that failed', async () => {
    let reads = 0;
    const secrets = rememberedSecrets(
      () => ((reads += 1) === 1 ? Promise.reject(new Error('busy')) : Promise.resolve([old])),
      { now: () => 0 },
    );
    await expect(secrets.stageSecrets()).rejects.toThrow('busy');
    expect(await secrets.stageSecrets()).toEqual([old]);
    expect(await secrets.stageSecrets()).toEqual([old]);
    expect(reads).toBe(2);
  });

  it('stay the same when reading newer ones fails, and are replaced after a rotation', async () => {
    const clock = { time: 0, now: () => clock.time };
    let read = () => Promise.resolve([old]);
    const secrets = rememberedSecrets(() => read(), clock);
    expect(await secrets.stageSecrets()).toEqual([old]);
    read = () => Promise.reject(new Error('busy'));
    await expect(secrets.newerStageSecrets()).rejects.toThrow('busy');
    expect(await secrets.stageSecrets()).toEqual([old]);
    read = () => Promise.resolve([renewed, old]);
    clock.time += 11_000;
    expect(await secrets.newerStageSecrets()).toEqual([renewed, old]);
    expect(await secrets.stageSecrets()).toEqual([renewed, old]);
    clock.time += 11_000;
    expect(await secrets.newerStageSecrets()).toBeUndefined();
  });

  it('are read again at most every 10 seconds, whatever number of requests need newer ones', async () => {
    const clock = { time: 0, now: () => clock.time };
    let reads = 0;
    const secrets = rememberedSecrets(() => {
      reads += 1;
      return Promise.resolve([old]);
    }, clock);
    await secrets.stageSecrets();
    for (let second = 0; second < 60; second += 1) {
      await Promise.all([secrets.newerStageSecrets(), secrets.newerStageSecrets()]);
      clock.time += 1_000;
    }
    expect(reads).toBe(1 + 6);
  });

  it('open the ceremonies of a process that started after a rotation, all of them at the same time', async () => {
    const clock = { time: Date.parse('2026-11-02T12:00:00Z'), now: () => clock.time };
    let stored = [old];
    const process = () => ({
      clock,
      ...rememberedSecrets(async () => {
        await new Promise(setImmediate);
        return stored;
      }, clock),
    });
    const before = process();
    await before.stageSecrets();
    stored = [renewed, old];
    clock.time += 1_000;
    const content = { begin: clock.time, end: clock.time + 60_000 };
    const after = process();
    const sealed = await Promise.all(
      Array.from({ length: 5 }, () => sealCeremony(after, 'rp_1', 'authentication', content)),
    );
    const opened = await Promise.all(sealed.map((text) => openCeremony(before, 'rp_1', 'authentication', text)));
    expect(opened).toEqual(sealed.map(() => content));
  });
});
