import { describe, expect, it } from 'vitest';
import { rememberedSecrets } from '../../functions/domain/fido2/ceremony-secrets.ts';

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
    expect(await secrets.newerStageSecrets()).toBeUndefined();
    clock.time += 61_000;
    await expect(secrets.newerStageSecrets()).rejects.toThrow('busy');
    expect(await secrets.stageSecrets()).toEqual([old]);
    read = () => Promise.resolve([renewed, old]);
    clock.time += 61_000;
    expect(await secrets.newerStageSecrets()).toEqual([renewed, old]);
    expect(await secrets.stageSecrets()).toEqual([renewed, old]);
    clock.time += 61_000;
    expect(await secrets.newerStageSecrets()).toBeUndefined();
  });
});
