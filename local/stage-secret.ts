import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { stageSecretOf } from '../functions/domain/fido2/sealing/ceremony-secrets.ts';

/** Creates a secret of the stage at random: 64 characters of base64url. */
const newSecretText = () => randomBytes(48).toString('base64url');

/** Creates a secret that lasts as long as the process, for services without a data directory. */
export const temporaryStageSecret = (): Uint8Array => stageSecretOf(newSecretText());

/**
 * Returns the secret of the stage from a file. Creates the file if it does not exist; only the current user can read
 * it. The file gets its name when it is complete, so if the process dies, the next start finds a whole secret or none.
 */
export async function openStageSecret(file: string): Promise<Uint8Array> {
  const stored = await read(file);
  if (stored !== undefined) return stageSecretOf(stored);
  const created = newSecretText();
  await writeFile(`${file}.new`, created, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return stageSecretOf(created);
}

/** Returns the text in a file, or undefined if there is no such file. */
async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
