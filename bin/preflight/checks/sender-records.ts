import type { GetEmailIdentityCommandOutput } from '@aws-sdk/client-sesv2';
import { getDomain } from 'tldts';
import { fine, hint, toDo, type Check, type Context } from '../check.ts';
import { senderDomain } from './sender-identity.ts';

/** The records that SES asks for, by the page "Easy DKIM in Amazon SES" of the Amazon SES Developer Guide. */
const SIGNING_ZONE = 'dkim.amazonses.com';
const LATER = 'SES names the records when the identity exists.';

/** Checks the DNS records with which receivers check the DKIM signature of each e-mail. */
export const dkim: Check = {
  name: 'DKIM',
  async run(context) {
    const domain = senderDomain(context);
    const identity = await context.aws.identity(domain);
    if (!identity) return hint(`SES has no identity ${domain} yet`, LATER);
    const { Status, SigningAttributesOrigin } = identity.DkimAttributes ?? {};
    // With keys of the operator's own, SES names only the selector, and not the records.
    const records = SigningAttributesOrigin === 'EXTERNAL' ? [] : dkimRecordsOf(domain, identity);
    const targets = await Promise.all(records.map(({ name }) => context.dns.cname(name)));
    const missing = records.filter(({ value }, index) => targets[index]?.includes(value) !== true);
    if (missing.length > 0)
      return toDo(
        `the DNS of ${domain} lacks ${missing.length} of ${records.length} DKIM records`,
        `Add: ${missing.map(({ name, value }) => `${name} CNAME ${value}`).join('; ')}`,
      );
    if (Status === 'SUCCESS') return fine(`SES signs the e-mails of ${domain}`);
    const found = `SES says ${Status ?? 'nothing'} about the DKIM records of ${domain}`;
    if (Status === 'PENDING' || Status === 'TEMPORARY_FAILURE')
      return toDo(found, 'Wait: SES looks for the records for up to 72 hours.');
    return toDo(
      found,
      `In the SES console of ${context.region}, choose Identities, ${domain}, Authentication, and start DKIM again.`,
    );
  },
};

/** Returns the CNAME records of Easy DKIM. */
function dkimRecordsOf(domain: string, { DkimAttributes }: GetEmailIdentityCommandOutput) {
  const { Tokens = [], SigningHostedZone = SIGNING_ZONE } = DkimAttributes ?? {};
  return Tokens.map((token) => ({
    name: `${token}._domainkey.${domain}`,
    value: `${token}.${SigningHostedZone}`.toLowerCase(),
  }));
}

/**
 * Checks the DNS records of the MAIL FROM domain, to which bounces go. Without a MAIL FROM domain of the sender's own,
 * SES uses one of its own, and SPF does not count for DMARC.
 */
export const mailFrom: Check = {
  name: 'MAIL FROM',
  async run(context) {
    const { aws, dns, region } = context;
    const domain = senderDomain(context);
    const identity = await aws.identity(domain);
    if (!identity) return hint(`SES has no identity ${domain} yet`, LATER);
    const { MailFromDomain: name = '', MailFromDomainStatus: status } = identity.MailFromAttributes ?? {};
    if (name === '')
      return hint(
        'SES uses a MAIL FROM domain of its own, so DMARC relies on DKIM alone',
        `To use your own: aws sesv2 put-email-identity-mail-from-attributes --region ${region} --email-identity ${domain} --mail-from-domain bounces.${domain}`,
      );
    const server = `feedback-smtp.${region}.amazonses.com`;
    const [servers, texts] = await Promise.all([dns.mx(name), dns.txt(name)]);
    const missing = [
      ...(servers.includes(server) ? [] : [`${name} MX 10 ${server}`]),
      ...(texts.some((text) => /^v=spf1 .*\binclude:amazonses\.com\b/.test(text))
        ? []
        : [`${name} TXT "v=spf1 include:amazonses.com ~all"`]),
    ];
    if (missing.length > 0)
      return toDo(`the DNS lacks ${missing.length} of 2 records of ${name}`, `Add: ${missing.join('; ')}`);
    // The page "Using a custom MAIL FROM domain" of the Amazon SES Developer Guide: SES accepts a single MX record.
    if (servers.length > 1)
      return toDo(`${name} has ${servers.length} MX records`, `Keep only: ${name} MX 10 ${server}`);
    if (status === 'SUCCESS') return fine(`bounces go to ${name}`);
    if (status === 'FAILED')
      return toDo(
        `SES no longer looks for the records of ${name}`,
        `aws sesv2 put-email-identity-mail-from-attributes --region ${region} --email-identity ${domain} --mail-from-domain ${name}`,
      );
    return hint(`SES has not found the records of ${name} yet`, 'Wait: SES looks for them for up to 72 hours.');
  },
};

/**
 * Checks the DMARC record of the sender's domain. A domain without a record inherits the record of its organizational
 * domain (RFC 7489, 6.6.3).
 */
export const dmarc: Check = {
  name: 'DMARC',
  async run(context) {
    const domain = senderDomain(context);
    const parent = getDomain(domain, { allowPrivateDomains: true }) ?? domain;
    const [own, inherited] = await Promise.all([dmarcRecordsOf(context, domain), dmarcRecordsOf(context, parent)]);
    const records = own.length > 0 ? own : inherited;
    const name = `_dmarc.${own.length > 0 ? domain : parent}`;
    const [record] = records;
    if (record === undefined)
      return hint(
        `${domain} has no DMARC record, so some receivers treat its e-mails as spam`,
        `Add: _dmarc.${domain} TXT "v=DMARC1; p=none;"`,
      );
    // RFC 7489, 6.6.3: with several records, receivers apply none of them.
    if (records.length > 1) return toDo(`${name} has ${records.length} DMARC records`, 'Keep one of them.');
    return fine(`${name}: ${record}`);
  },
};

const dmarcRecordsOf = async ({ dns }: Context, domain: string) =>
  (await dns.txt(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1\b/i.test(text));
