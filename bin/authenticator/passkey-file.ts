import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  deserializeCredential,
  PasskeysCredentialsMemoryRepository,
  serializeCredential,
  type PasskeysCredentialsRepository,
} from 'nid-webauthn-emulator';
import * as z from 'zod';

/** The content of the file: each passkey as the text that the emulator makes of it, with its private key. */
const content = z.object({ passkeys: z.array(z.string()) });

/** Reads the passkeys in a file. There are none if the file does not exist. Throws if the file has another content. */
export async function readPasskeys(file: string): Promise<PasskeysCredentialsRepository> {
  const repository = new PasskeysCredentialsMemoryRepository();
  const { passkeys } = content.parse(JSON.parse((await read(file)) ?? '{"passkeys":[]}'));
  for (const passkey of passkeys) repository.saveCredential(deserializeCredential(passkey));
  return repository;
}

/**
 * Replaces the passkeys in a file that only the current user can read. The file gets its name when it is complete, so
 * if the process dies, the earlier passkeys are still in the file.
 */
export async function writePasskeys(file: string, repository: PasskeysCredentialsRepository): Promise<void> {
  const passkeys = repository.loadCredentials().map(serializeCredential);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(`${file}.new`, `${JSON.stringify({ passkeys }, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
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
