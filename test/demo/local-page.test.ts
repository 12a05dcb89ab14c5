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
    hasConsole: false,
    mails: [],
    liveTokens: new Set(['lnk_abc-_1', 'lnk_xyz']),
    schedules: ['recount'],
    ...changes,
  });
/** What a reader sees of markup. */
const visible = (markup: string) => markup.replaceAll('&quot;', '"').replaceAll('&#39;', "'");

describe('the local page', () => {
  it('gives the token of a sign-in link and the curl that uses it, where opening the link leads', () => {
    const markup = page({ mails: [mail({})] });
    expect(visible(markup)).toContain(
      `curl http://localhost:3000/v1/sessions -H 'Content-Type: application/json' -d '{"token":"lnk_abc-_1"}'`,
    );
    expect(markup).toContain('id="token=lnk_abc-_1"');
  });

  it('offers no link that was used', () => {
    const markup = page({ mails: [mail({})], liveTokens: new Set(), hasConsole: true });

    expect(markup).toContain('Its link was used, or does not work any more.');
    expect(markup).not.toContain('v1/sessions');
    expect(markup).not.toContain('Open it in the console');
  });

  it('opens the console with a link of the outbox where there is one, wherever the e-mail was written', () => {
    const mails = [mail({ text: 'http://localhost:9/sign-in#token=lnk_abc-_1\n' })];
    const link = '<a href="http://localhost:3000/sign-in#token=lnk_abc-_1">';
    const markup = page({ mails, hasConsole: true });

    expect(markup).toContain(link);
    expect(markup).toContain('<a href="http://localhost:3000/">Open the console</a>');
    expect(visible(markup)).toContain(`-d '{"token":"lnk_abc-_1"}'`);
    expect(page({ mails })).not.toContain('<a href="http');
  });

  it('gives the other curl for a link that confirms an address', () => {
    const text = 'http://localhost:3000/confirm-email#token=lnk_xyz\n';
    expect(visible(page({ mails: [mail({ text })] }))).toContain(
      `curl http://localhost:3000/v1/email-confirmations -H 'Content-Type: application/json' -d '{"token":"lnk_xyz"}'`,
    );
  });

  it('shows the newest e-mail first and offers no link that has expired', () => {
    const markup = page({
      mails: [
        mail({ subject: 'Oldest', sentAt: '2026-11-21T09:30:00Z' }),
        mail({ subject: 'Older', text: 'nothing' }),
        mail({ subject: 'Newest', text: 'nothing' }),
      ],
    });
    expect(markup.indexOf('Newest')).toBeLessThan(markup.indexOf('Older'));
    expect(markup.indexOf('Older')).toBeLessThan(markup.indexOf('Oldest'));
    expect(visible(markup)).not.toContain('{"token":');
  });

  it('shows whatever somebody typed as text', () => {
    const evil = `<script>alert("1")</script>'`;
    const markup = page({
      mails: [mail({ subject: evil, to: evil, text: evil })],
      people: [{ email: evil, shows: evil }],
    });
    expect(markup).not.toContain('<script');
    expect(markup.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;')).toHaveLength(6);
  });

  it('names whom to sign in as, or how to sign up where there is nobody', () => {
    expect(page({ people: [{ email: 'bo@example.com', shows: 'Free' }] })).toContain('bo@example.com');
    expect(page({})).toContain('http://localhost:3000/v1/customers');
  });
});

describe('a curl command', () => {
  it('reaches curl as it was meant, whatever is in it', () => {
    const body = { name: `it's "quoted" $HOME \`id\` \\ & more` };
    const command = curl('http://localhost:3000/x', { method: 'PUT', as: 'ses_1', body });
    const asWords = execFileSync('/bin/sh', ['-c', command.replace('curl', String.raw`printf '%s\n'`)], {
      encoding: 'utf8',
    });
    expect(asWords.split('\n')).toEqual([
      '-X',
      'PUT',
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
