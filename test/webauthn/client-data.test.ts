import { expect, it } from 'vitest';
import { challengeIn } from '../../functions/domain/webauthn/client-data.ts';

const encoded = (text: string) => ({ clientDataJSON: Buffer.from(text).toString('base64url') });

it('challengeIn returns the challenge in the client data', () => {
  expect(challengeIn(encoded('{"type":"webauthn.get","challenge":"Y2hhbGxlbmdl"}'))).toBe('Y2hhbGxlbmdl');
});

it.each(['', 'no JSON', 'null', '7', '[]', '{}', '{"challenge":7}', '{"challenge":null}', '{"challenge":"cut off'])(
  'challengeIn returns undefined for the client data %j',
  (text) => {
    expect(challengeIn(encoded(text))).toBeUndefined();
  },
);
