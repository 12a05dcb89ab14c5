import { createHash } from 'node:crypto';
import type { Clock } from '../time.ts';
import { MINUTE } from '../time.ts';

/**
 * The secrets of the stage, from which the keys of ceremonies are derived, newest first. The first one seals. The
 * others still open ceremonies that were sealed before the secret was rotated. None of them is in the table, so nobody
 * can forge a ceremony with a copy of the table.
 */
export type StageSecrets = readonly Uint8Array[];

/** Returns the secret of 32 bytes that a stored text stands for. The text must have at least 256 random bits. */
export const stageSecretOf = (text: string): Uint8Array => createHash('sha256').update(text).digest();

export interface SecretServices {
  /** Returns the secrets that this process has read. */
  readonly stageSecrets: () => Promise<StageSecrets>;
  /**
   * Reads the secrets again, because a ceremony cannot be opened: a process with newer secrets may have sealed it.
   * Reads at most once a minute. Returns undefined when the secrets have not changed.
   */
  readonly newerStageSecrets: () => Promise<StageSecrets | undefined>;
}

/** The shortest time between two reads of the secrets, in milliseconds. */
const READ_EVERY = MINUTE;

/**
 * Returns the services that read the secrets of the stage with `read`, and remember them as long as the process lasts.
 * A read that fails is repeated at the next call.
 */
export function rememberedSecrets(read: () => Promise<StageSecrets>, clock: Clock): SecretServices {
  let reading: Promise<StageSecrets> | undefined;
  let readAt = 0;
  return {
    stageSecrets: () => {
      if (reading) return reading;
      readAt = clock.now();
      const current = read();
      reading = current;
      current.catch(() => {
        if (reading === current) reading = undefined;
      });
      return current;
    },
    newerStageSecrets: async () => {
      if (Math.abs(clock.now() - readAt) < READ_EVERY) return undefined;
      readAt = clock.now();
      const before = await reading;
      // If this read fails, the process keeps the secrets that it has. Anybody can send a ceremony that nobody can
      // open.
      const after = await read();
      reading = Promise.resolve(after);
      const isSame = Buffer.from(before?.[0] ?? []).equals(after[0] ?? Buffer.alloc(0));
      return isSame ? undefined : after;
    },
  };
}
