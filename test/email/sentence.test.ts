import { expect, it } from 'vitest';
import { KnownAddress, OwnText, sentence } from '../../functions/email/sentence.ts';

/** What mail clients commonly make a link of. */
const linked = /https?:\/\/\S|\bwww\.\S|[\w-]\.[a-z]{2,}\b|\S@\S+\.\S/i;

it.each(['https://evil.example/x', 'www.evil.example', 'evil.example', 'mallory@evil.example', 'Win at evil.example!'])(
  'leaves nothing of %j that a mail client makes a link of',
  (name) => {
    expect(name).toMatch(linked);
    expect(sentence`“${name}” now represents you.`).not.toMatch(linked);
  },
);

it.each(['Example Corporation', 'Example Inc.', 'Łódź & Söhne', '株式会社例', 'O’Neill – "R&D"'])(
  'leaves %j as it is',
  (name) => {
    expect(sentence`${name}`).toBe(name);
  },
);

it('makes one line of what is put in, and takes out what turns the direction of text', () => {
  expect(sentence`${'a\r\nBcc: b\u2028c\u0000d\u202ee'}`).toBe('a Bcc: b c d e');
});

it('ends an address at a sign that is a space to JavaScript alone', () => {
  expect(sentence`${'evil\ufeff.\ufeffexample'}`).toBe('evil\ufeff.\u200a\ufeffexample');
});

it('leaves what nobody but us wrote as it is', () => {
  expect(sentence`a fee of ${new OwnText('20.60')} USD`).toBe('a fee of 20.60 USD');
});

it.each(['alice@example.com', "o'neill+passkeys_1@mail.example.co.uk"])(
  'leaves the known address %s as it is',
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
])('leaves nothing that a mail client makes a link of when %j is taken for a known address', (text) => {
  expect(sentence`${new KnownAddress(text)}`).not.toMatch(linked);
});
