import { isoCBOR } from '@simplewebauthn/server/helpers';
import type * as z from 'zod';
import {
  exportCredentialsContract,
  importCredentialsContract,
  type ExportItem,
} from '../../../functions/contract/moving-credentials.ts';
import type { Answer, TestService } from '../service.ts';
import { coseKey, createPasskey, type SoftPasskey } from './authenticator.ts';

/** An item of an import, as an RP sends it. */
export type SentItem = z.input<typeof importCredentialsContract.body>['items'][number];
export type ImportResults = z.output<typeof importCredentialsContract.answer.body>['results'];

/** Creates a passkey for a user, as another server has registered it. */
export function passkeyOf(
  handle: string,
  { rpId = 'shop.example.com', ...deviations }: { rpId?: string } & Parameters<typeof createPasskey>[2] = {},
): SoftPasskey {
  const user = { id: Buffer.from(handle).toString('base64url'), name: handle, displayName: handle };
  const options = { rp: { id: rpId, name: 'Shop' }, user, challenge: 'AAAA' };
  return createPasskey(`https://${rpId}`, options, deviations).passkey;
}

export const idOf = ({ credentialId }: SoftPasskey) => credentialId.toString('base64url');
/** Returns the public key of a passkey in COSE form, as base64url. */
export const coseOf = (passkey: SoftPasskey) => Buffer.from(isoCBOR.encode(coseKey(passkey))).toString('base64url');
/** Returns the public key of a passkey as SubjectPublicKeyInfo, as base64url. */
export const spkiOf = ({ publicKey }: SoftPasskey) =>
  publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');

/** Returns the item that imports a passkey of a user. */
export const itemOf = (
  userId: string,
  passkey: SoftPasskey,
  { user = {}, ...credential }: Partial<SentItem['credential'] & object> & { user?: Partial<SentItem['user']> } = {},
): SentItem => ({
  user: { userId, userHandle: passkey.userHandle, ...user },
  credential: { id: idOf(passkey), publicKey: spkiOf(passkey), ...credential },
});

/** Sends an import. */
export const sendImport = (service: Pick<TestService, 'send'>, apiKey: string, items: readonly unknown[]) =>
  service.send('POST /v1/rp/credentials/import', { as: apiKey, body: { items } });
/** Returns the results of an import. Throws unless the service accepts it. */
export const resultsOf = (answer: Answer): ImportResults => answer.read(importCredentialsContract.answer.body).results;
/** Returns the status of each item of an import. Throws unless the service accepts it. */
export const statusesOf = (answer: Answer) => resultsOf(answer).map(({ status }) => status);

/** Exports everything of an RP, in pages of `limit` items. */
export async function exportAll(service: Pick<TestService, 'send'>, apiKey: string, limit = 50): Promise<ExportItem[]> {
  const items: ExportItem[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = `limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const answer = await service.send(`GET /v1/rp/credentials/export?${query}`, { as: apiKey });
    const page = answer.read(exportCredentialsContract.answer.body);
    if (page.items.length > limit) throw new Error('The page is too long.');
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}

/** Imports items in as few requests as possible. Throws unless the service accepts each. */
export async function importAll(service: Pick<TestService, 'send'>, apiKey: string, items: readonly unknown[]) {
  for (let start = 0; start < items.length; start += 16) {
    resultsOf(await sendImport(service, apiKey, items.slice(start, start + 16)));
  }
}
