import { createHash, createPrivateKey, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { createFido2Client, type AuthenticationToBegin } from 'fido2-server-service-sdk';
import { ceremonyMaker } from '../../sdk/src/begin-authentication.ts';

const SECRET = 'q7Xn-2sVbT0kLw8YhRz4uJd_1eFgM5oPcAi9ZxQv3Bw';
const API_KEY = `fido2_3k9x7m2p5r8t1v4w6y0z_${SECRET}`;
const PURPOSE = 'fido2-server-service ceremony 2';

const fido2 = createFido2Client({
  apiKey: API_KEY,
  baseUrl: 'https://console.example.com',
  rpId: 'shop.example.com',
});
const begin = (wish?: AuthenticationToBegin) => fido2.beginAuthentication(wish);

/** Returns the fields of a ceremony, read by its description. */
function fieldsOf(ceremony: string) {
  const bytes = Buffer.from(ceremony, 'base64url');
  return {
    length: bytes.length,
    format: bytes.readUInt8(0),
    keyId: bytes.toString('ascii', 1, 21),
    begin: bytes.readUIntBE(21, 6),
    lasts: bytes.readUInt16BE(27),
    userVerification: bytes.readUInt8(29),
    random: bytes.toString('base64url', 30, 62),
    signed: bytes.subarray(0, 62),
    signature: bytes.subarray(62),
  };
}

const privateKeyOf = (secret: string) => Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, 32));
/** Returns the message that is signed in a ceremony with a context. */
const messageOf = (ceremony: string, context = '') =>
  Buffer.concat([Buffer.from(PURPOSE), fieldsOf(ceremony).signed, createHash('sha256').update(context).digest()]);
const challengeOf = (ceremony: string, context?: string) =>
  createHash('sha256').update(messageOf(ceremony, context)).digest('base64url');

/** Returns whether the key that belongs to the API key's secret signed a ceremony with a context. */
function isSigned(ceremony: string, context = '', secret = SECRET) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), privateKeyOf(secret)]);
  const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
  return verify(null, messageOf(ceremony, context), publicKey, fieldsOf(ceremony).signature);
}

describe('a ceremony that begins without a call', () => {
  it('has the fields and the options of an authentication without a user', () => {
    vi.spyOn(Date, 'now').mockReturnValue(Date.parse('2026-11-29T09:30:00.123Z'));
    const { ceremony, options, ...rest } = begin();

    expect(ceremony).toMatch(/^[\w-]{168}$/);
    expect(options).toEqual({
      rpId: 'shop.example.com',
      challenge: challengeOf(ceremony),
      timeout: 300_000,
      userVerification: 'preferred',
    });
    expect(rest).toEqual({ expiresAt: '2026-11-29T09:36:00.123Z' });
    expect(fieldsOf(ceremony)).toMatchObject({
      length: 126,
      format: 2,
      keyId: '3k9x7m2p5r8t1v4w6y0z',
      begin: Date.parse('2026-11-29T09:30:00.123Z'),
      lasts: 360,
      userVerification: 1,
    });
    expect(isSigned(ceremony)).toBe(true);
    expect(isSigned(ceremony, '', SECRET.replace('q', 'r'))).toBe(false);
  });

  it('signs its context, and has other random bytes and another challenge each time', () => {
    const { ceremony, options } = begin({ context: 'Zahlung 4711 über 5 €' });

    expect(isSigned(ceremony, 'Zahlung 4711 über 5 €')).toBe(true);
    expect(isSigned(ceremony)).toBe(false);
    expect(options.challenge).toBe(challengeOf(ceremony, 'Zahlung 4711 über 5 €'));
    expect(begin().options.challenge).not.toBe(begin().options.challenge);
    expect(fieldsOf(begin().ceremony).random).not.toBe(fieldsOf(begin().ceremony).random);
  });

  it.each([
    ['discouraged', 0],
    ['preferred', 1],
    ['required', 2],
  ] as const)('has the user verification "%s" as %i', (userVerification, byte) => {
    const { ceremony, options } = begin({ userVerification });

    expect([options.userVerification, fieldsOf(ceremony).userVerification]).toEqual([userVerification, byte]);
  });

  it('lasts a minute longer than the browser may take', () => {
    const { ceremony, options } = begin({ timeoutSeconds: 540, hints: ['hybrid', 'client-device'] });

    expect(options).toMatchObject({ timeout: 540_000, hints: ['hybrid', 'client-device'] });
    expect(fieldsOf(ceremony).lasts).toBe(600);
    expect(fieldsOf(begin({ timeoutSeconds: 30 }).ceremony).lasts).toBe(90);
  });

  it('for autofill has no timeout, and ends before the longest time that the service accepts', () => {
    const { ceremony, options, mediation } = begin({ mediation: 'conditional' });

    expect(mediation).toBe('conditional');
    expect(options).not.toHaveProperty('timeout');
    expect(fieldsOf(ceremony).lasts).toBe(540);
  });

  it.each([
    { timeoutSeconds: 29 },
    { timeoutSeconds: 541 },
    { timeoutSeconds: 30.5 },
    { timeoutSeconds: 300, mediation: 'conditional' },
    { mediation: 'optional' as 'conditional' },
    { context: '' },
    { context: 'c'.repeat(201) },
    { userVerification: 'maybe' as 'required' },
  ] as const)('is refused with %o', (wish) => {
    expect(() => begin(wish)).toThrow(RangeError);
  });

  it('needs the RP ID', () => {
    const withoutRpId = createFido2Client({ apiKey: API_KEY, baseUrl: 'https://console.example.com' });

    expect(() => withoutRpId.beginAuthentication()).toThrow(TypeError);
  });
});

it('the example in the guide is what the SDK makes from the same values', () => {
  const guide = readFileSync('docs/ceremonies.md', 'utf8').replaceAll(/\s+/g, ' ');
  const [, keyId = '', secret = ''] = /`fido2_([0-9a-z]{20})_([\w-]{43})`/.exec(guide) ?? [];
  const [, printed = ''] = /```text (Am[\w-]+ [\w-]+) ```/.exec(guide) ?? [];
  const maker = ceremonyMaker({ keyId, secret }, 'shop.example.com');
  const random = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
  const { ceremony, options } = maker.begin({ context: 'cart 7' }, Date.parse('2026-11-29T09:30:00.000Z'), random);

  expect(ceremony).toBe(printed.replace(' ', ''));
  expect(isSigned(ceremony, 'cart 7', secret)).toBe(true);
  expect(guide).toContain(`The challenge is \`${options.challenge}\``);
  expect(guide).toContain(`private key is \`${privateKeyOf(secret).toString('hex')}\``);
});
