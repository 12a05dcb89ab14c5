import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { curl } from '../../local/curl.ts';
import { localPage, type LocalPage } from '../../local/local-page.ts';
import type { OutboxMail } from '../../local/aws/outbox.ts';

const now = Date.parse('2026-11-22T09:30:00Z');
const mail = (changes: Partial<OutboxMail>): OutboxMail => ({
  id: 'm1',
  to: 'alice@example.com',
  subject: 'Sign in',
  text: 'Sign in:\nhttp://localhost:3000/sign-in#token=lnk_abc-_1\n',
  html: '<p>Sign in</p>',
  sentAt: '2026-11-22T09:29:00Z',
  ...changes,
});
const page = (changes: Partial<LocalPage>) =>
  localPage({
    url: 'http://localhost:3000',
    timeZone: 'UTC',
    now,
    people: [],
    mails: [],
    liveTokens: new Set(['lnk_abc-_1', 'lnk_xyz']),
    ...changes,
  });

describe('the local page', () => {
  it('makes each valid link point to the current URL of the service', () => {
    const text = 'http://localhost:9/sign-in#token=lnk_abc-_1\nhttp://localhost:9/confirm-email#token=lnk_xyz\n';
    const markup = page({ mails: [mail({ text })] });

    expect(markup).toContain('<a href="http://localhost:3000/">');
    expect(markup).toContain('<a href="http://localhost:3000/sign-in#token=lnk_abc-_1">');
    expect(markup).toContain('<a href="http://localhost:3000/confirm-email#token=lnk_xyz">');
  });

  it('does not offer a link that has been used or has expired', () => {
    const markup = page({ mails: [mail({})], liveTokens: new Set() });

    expect(markup).toContain('The link has been used or has expired.');
    expect(markup).not.toContain('<a href="http://localhost:3000/sign-in');
  });

  it('shows the newest e-mail first, and collapses each e-mail that is older than a day', () => {
    const markup = page({
      mails: [
        mail({ subject: 'Oldest', sentAt: '2026-11-21T09:30:00Z' }),
        mail({ subject: 'Older' }),
        mail({ subject: 'Newest' }),
      ],
    });
    const mails = [...markup.matchAll(/<details (open)?>\s*<summary>(\w+)/g)];

    expect(mails.map(([, open = 'folded', subject]) => `${subject ?? ''} ${open}`)).toEqual([
      'Newest open',
      'Older open',
      'Oldest folded',
    ]);
  });

  it('shows user-supplied text as text, not as markup', () => {
    const evil = `<script>alert("1")</script>'`;
    const markup = page({
      mails: [mail({ subject: evil, to: evil, text: evil })],
      people: [{ email: evil, shows: evil }],
    });
    expect(markup).not.toContain('<script');
    expect(markup.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;')).toHaveLength(7);
  });

  it('links to the sample shop if the shop runs', () => {
    const shop = { url: 'http://localhost:3001', email: 'bo@example.com' };
    expect(page({ shop })).toMatch(
      /<a href="http:\/\/localhost:3001\/">Open the sample shop<.*watch the MAU as bo@example.com/s,
    );
    expect(page({})).not.toContain('sample shop');
  });

  it('has a button for each demo person, or a sign-up link if there are no demo people', () => {
    const people = [
      { email: 'bo@example.com', shows: 'Free' },
      { email: 'cleo@example.com', shows: 'Starter' },
    ];
    const buttons = [...page({ people }).matchAll(/<button name="email" value="([^"]+)">/g)];

    expect(buttons.map(([, email]) => email)).toEqual(['bo@example.com', 'cleo@example.com']);
    expect(page({ people })).not.toContain('/sign-up');
    expect(page({})).toContain('<a href="http://localhost:3000/sign-up">');
  });
});

describe('a curl command', () => {
  it('preserves quotes and other special characters in its arguments', () => {
    const body = { name: `it's "quoted" $HOME \`id\` \\ & more` };
    const command = curl('http://localhost:3000/x', { as: 'ses_1', body });
    const asWords = execFileSync('/bin/sh', ['-c', command.replace('curl', String.raw`printf '%s\n'`)], {
      encoding: 'utf8',
    });
    expect(asWords.split('\n')).toEqual([
      'http://localhost:3000/x',
      '-H',
      'Authorization: Bearer ses_1',
      '-H',
      'Content-Type: application/json',
      '-d',
      JSON.stringify(body),
      '',
    ]);
  });
});
