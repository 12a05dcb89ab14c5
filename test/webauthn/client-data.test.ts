import { expect, it } from 'vitest';
import { challengeIn } from '../../functions/domain/webauthn/client-data.ts';

const encoded = (text: string) => ({ clientDataJSON: Buffer.from(text).toString('base64url') });

it('the challenge is read from the client data', () => {
  expect(challengeIn(encoded('{"type":"webauthn.get","challenge":"Y2hhbGxlbmdl"}'))).toBe('Y2hhbGxlbmdl');
});

it.each(['', 'no JSON', 'null', '7', '[]', '{}', '{"challenge":7}', '{"challenge":null}', '{"challenge":"cut off'])(
  'client data %j contain no challenge',
  (text) => {
    expect(challengeIn(encoded(text))).toBeUndefined();
  },
);
