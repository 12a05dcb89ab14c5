import { createHash } from 'node:crypto';
import { SECOND, type Clock } from '../../time.ts';

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
   * Returns the secrets again, because a ceremony cannot be opened: a process with newer secrets may have sealed it.
   * Reads them again at most every 10 seconds. Returns undefined when they are those that the process had.
   */
  readonly newerStageSecrets: () => Promise<StageSecrets | undefined>;
}

/**
 * The shortest time from one repeated read to the next, in milliseconds. Anybody can send a text that nobody can open,
 * and each read costs money. During this time after a read that such a text has caused, the process does not notice a
 * rotation.
 */
const READ_AGAIN_EVERY = 10 * SECOND;

/**
 * Returns the services that read the secrets of the stage with `read`, and remember them as long as the process lasts.
 * A read that fails is repeated at the next call.
 */
export function rememberedSecrets(read: () => Promise<StageSecrets>, clock: Clock): SecretServices {
  let reading: Promise<StageSecrets> | undefined;
  let readingAgain: Promise<StageSecrets | undefined> | undefined;
  let readAgainAt = Number.NEGATIVE_INFINITY;

  async function readAgain(): Promise<StageSecrets | undefined> {
    const before = await reading;
    // If this read fails, the process keeps the secrets that it has.
    const after = await read();
    reading = Promise.resolve(after);
    const isSame = Buffer.from(before?.[0] ?? []).equals(after[0] ?? Buffer.alloc(0));
    return isSame ? undefined : after;
  }

  return {
    stageSecrets: () => {
      if (reading) return reading;
      const current = read();
      reading = current;
      current.catch(() => {
        if (reading === current) reading = undefined;
      });
      return current;
    },
    // Requests at the same time share one read.
    newerStageSecrets: () => {
      if (readingAgain) return readingAgain;
      if (Math.abs(clock.now() - readAgainAt) < READ_AGAIN_EVERY) return Promise.resolve(undefined);
      readAgainAt = clock.now();
      readingAgain = readAgain().finally(() => {
        readingAgain = undefined;
      });
      return readingAgain;
    },
  };
}
