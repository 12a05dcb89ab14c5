import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { TestService } from '../service.ts';
import type { TestRp } from './ceremonies.ts';

/** Reads the key set of an RP. Throws unless there is one. */
export async function keySetOf(service: Pick<TestService, 'send'>, rpRef: string): Promise<JSONWebKeySet> {
  const { status, text, body } = await service.send(`GET /v1/rps/${rpRef}/jwks.json`);
  if (status !== 200) throw new Error(`The key set of ${rpRef} answered ${status} ${text}`);
  return body as JSONWebKeySet;
}

/** Verifies a token as another service does, at the time `now`, in epoch milliseconds. */
export async function verifyToken(
  token: string,
  keys: JSONWebKeySet,
  expected: { readonly issuer: string; readonly audience: string },
  now: number,
): Promise<JWTPayload> {
  const options = { ...expected, algorithms: ['ES256'], currentDate: new Date(now) };
  return (await jwtVerify(token, createLocalJWKSet(keys), options)).payload;
}

/** Returns the issuer and the audience of an RP's tokens. */
export const expectedOf = (
  { origin }: Pick<TestService, 'origin'>,
  { rpRef, rpId }: Pick<TestRp, 'rpRef' | 'rpId'>,
) => ({
  issuer: `${origin}/v1/rps/${rpRef}`,
  audience: rpId,
});
