import { createHash, createPrivateKey, sign } from 'node:crypto';
import * as z from 'zod';
import { createdFssKey } from '../../functions/contract/rps.ts';
import { toIso } from '../../functions/domain/time.ts';
import type { Answer, TestService } from './service.ts';

export type FssKeyType = 'access-key' | 'date-signature' | 'nonce-signature';
export const fssKeyTypes: readonly FssKeyType[] = ['access-key', 'date-signature', 'nonce-signature'];

/** An API key for the FSS format, with the RP ID of its RP. */
export interface TestFssKey {
  readonly type: FssKeyType;
  readonly rpId: string;
  readonly keyId: string;
  readonly apiAuthId: string;
  readonly secretKey: string;
}

/** Creates an API key for the FSS format. */
export async function newFssKey(
  service: Pick<TestService, 'send'>,
  session: string,
  rp: { readonly id: string; readonly rpId: string },
  type: FssKeyType,
): Promise<TestFssKey> {
  const body = { name: `FSS ${type}`, type };
  const created = await service.send(`POST /v1/rps/${rp.id}/api-keys`, { as: session, body });
  return { ...created.read(createdFssKey), type, rpId: rp.rpId };
}

/** The parts of a call that its signature and headers are made from. */
export interface FssMessage {
  readonly body: string;
  /** The time or the nonce of a signature. */
  readonly salt?: string;
}

/** Returns the headers with which an RP's server that uses the FSS format sends a call. */
export function fssHeaders(key: TestFssKey, { body, salt = '' }: FssMessage): Record<string, string> {
  const head = { 'x-fss-rp-id': key.rpId, 'x-fss-api-auth-id': key.apiAuthId };
  if (key.type === 'access-key') return { ...head, 'x-fss-auth-access-key': key.secretKey };
  const hash = createHash('sha256').update(body).digest();
  return {
    ...head,
    [key.type === 'date-signature' ? 'x-fss-auth-request-time' : 'x-fss-auth-nonce']: salt,
    'x-fss-auth-body-hash': hash.toString('base64url'),
    'x-fss-auth-signature': signatureOf(key.secretKey, Buffer.concat([Buffer.from(salt), hash])),
  };
}

/** Signs bytes with a private key as the service returned it. Returns the signature in base64url. */
export function signatureOf(secretKey: string, content: Uint8Array): string {
  const key = createPrivateKey({ key: Buffer.from(secretKey, 'base64url'), format: 'der', type: 'pkcs8' });
  return sign('sha256', content, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
}

/** Sends a call in the FSS format with the given headers. */
export const sendFss = (
  service: Pick<TestService, 'send'>,
  name: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> => service.send(`POST /api/${name}`, { raw: body, headers });

/** Returns a nonce for one call. */
export async function fssNonce(service: Pick<TestService, 'send'>): Promise<string> {
  const answer = await sendFss(service, 'getNonce', '{}');
  return answer.read(z.object({ data: z.object({ nonce: z.string() }) })).data.nonce;
}

/** Sends a call with a new proof of the key's type, and with further headers. */
export async function callFss(
  service: Pick<TestService, 'send' | 'now'>,
  key: TestFssKey,
  name: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const text = JSON.stringify(body);
  const salt = key.type === 'nonce-signature' ? await fssNonce(service) : toIso(service.now());
  return sendFss(service, name, text, { ...fssHeaders(key, { body: text, salt }), ...headers });
}
