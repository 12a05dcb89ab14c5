import { expect, it } from 'vitest';
import { KnownAddress, OwnText, sentence } from '../../functions/email/sentence.ts';

/** Matches text that mail clients commonly turn into a link. */
const linked = /https?:\/\/\S|\bwww\.\S|[\w-]\.[a-z]{2,}\b|\S@\S+\.\S/i;

it.each(['https://evil.example/x', 'www.evil.example', 'evil.example', 'mallory@evil.example', 'Win at evil.example!'])(
  'the template tag `sentence` does not let %j become a link in mail clients',
  (name) => {
    expect(name).toMatch(linked);
    expect(sentence`“${name}” now represents you.`).not.toMatch(linked);
  },
);

it.each(['Example Corporation', 'Example Inc.', 'Łódź & Söhne', '株式会社例', 'O’Neill – "R&D"'])(
  'the template tag `sentence` leaves %j unchanged',
  (name) => {
    expect(sentence`${name}`).toBe(name);
  },
);

it('the template tag `sentence` removes line breaks and text direction characters from inserted text', () => {
  expect(sentence`${'a\r\nBcc: b\u2028c\u0000d\u202ee'}`).toBe('a Bcc: b c d e');
});

it('the template tag `sentence` breaks up a domain that has byte order marks around the dot', () => {
  expect(sentence`${'evil\ufeff.\ufeffexample'}`).toBe('evil\ufeff.\u200a\ufeffexample');
});

it('the template tag `sentence` does not change text that the service itself wrote', () => {
  expect(sentence`a fee of ${new OwnText('20.60')} USD`).toBe('a fee of 20.60 USD');
});

it.each(['alice@example.com', "o'neill+passkeys_1@mail.example.co.uk", 'info@xn--r8jz45g.xn--zckzah'])(
  'the template tag `sentence` leaves the address %s unchanged if it is inserted as a KnownAddress',
  (email) => {
    expect(sentence`the e-mail address ${new KnownAddress(email)}.`).toBe(`the e-mail address ${email}.`);
  },
);

it.each([
  'https://evil.example/x',
  'www.evil.example@evil.example',
  'evil.example',
  'a b@evil.example',
  'a@b@evil.example',
  'evil.example/x&y@evil.example',
])('the template tag `sentence` does not let %j become a link, even if it is inserted as a KnownAddress', (text) => {
  expect(sentence`${new KnownAddress(text)}`).not.toMatch(linked);
});
