import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rpSettings } from '../../functions/contract/rp-views.ts';
import { OWN_STEPS } from '../../functions/domain/fido2/ceremony-refusals.ts';
import { STEPS } from '../../functions/domain/webauthn/refusal.ts';
import { problemTypes } from '../../functions/http/problems.ts';

const guide = readFileSync('docs/ceremonies.md', 'utf8');
/** The problems of the console's routes, and of routes without an API key. */
const OF_THE_CONSOLE = [
  'forbidden',
  'contact-required',
  'reauthentication-required',
  'recovery-hold',
  'confirmation-mismatch',
  'precondition-required',
];

it('the guide for developers of RPs lists every problem that an RP can get, with its status', () => {
  const listed = [...guide.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) /gm)].map(([, slug, status]) => `${slug} ${status}`);
  const expected = problemTypes
    .filter(({ slug }) => !OF_THE_CONSOLE.includes(slug))
    .map(({ slug, status }) => `${slug} ${status}`);
  expect(listed.sort()).toEqual(expected.sort());
});

it('the guide for developers of RPs lists every setting and every step of the verification', () => {
  const names = [...Object.keys(rpSettings.shape), ...STEPS, ...OWN_STEPS];
  expect(names.filter((name) => !guide.includes(`\`${name}\``))).toEqual([]);
});
