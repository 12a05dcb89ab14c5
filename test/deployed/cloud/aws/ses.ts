import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../../functions/domain/time.ts';
import { toIso } from '../../../../functions/domain/time.ts';
import type { OutboxMail } from '../../../../local/aws/outbox.ts';
import type { Assembly } from '../assembly.ts';
import { AwsError, unknownOperation, type AwsService, type Need } from './service.ts';

/** How the account's SES behaves. Tests can change it while the cloud runs. */
export interface SesAccount {
  /** In the sandbox, SES sends only to verified identities. */
  isInSandbox: boolean;
  /** Whether the DNS proves the identities of the templates. */
  isVerified: boolean;
  /** Further verified identities: addresses and domains, such as the operator's own address in the sandbox. */
  readonly identities: Set<string>;
  /** The addresses on the account's suppression list. */
  readonly suppressed: Set<string>;
  /** The error with which SES refuses every e-mail at the moment, such as `Throttling`. */
  refusal: { readonly code: string; readonly message: string } | undefined;
}

export interface Ses {
  readonly api: AwsService;
  readonly account: SesAccount;
  /** All e-mails that SES delivered, newest last. */
  readonly mails: OutboxMail[];
}

/**
 * Creates SES (the operations of its API version 1) for the identities and configuration sets of an assembly. It checks
 * the rights that AWS checks ("Controlling access to Amazon SES"): those to the sender's identity and to the
 * configuration set, and in the sandbox also those to the recipient's identity. `onSuppressed` is called for an e-mail
 * to an address on the suppression list, which SES accepts but does not send.
 */
export function createSes(assembly: Assembly, clock: Clock, onSuppressed: (mail: OutboxMail) => void): Ses {
  const { region, account: accountId } = assembly.place;
  const mails: OutboxMail[] = [];
  const account: SesAccount = {
    isInSandbox: false,
    isVerified: true,
    identities: new Set(),
    suppressed: new Set(),
    refusal: undefined,
  };
  const arn = (resource: string) => `arn:aws:ses:${region}:${accountId}:${resource}`;
  const sets = new Set(assembly.ofType('AWS::SES::ConfigurationSet').map(({ ref }) => ref));
  /** Returns the verified identity of an address: the address itself or its domain. */
  function identityOf(address: string): string | undefined {
    const own = account.isVerified ? assembly.ofType('AWS::SES::EmailIdentity').map(({ ref }) => ref) : [];
    const verified = new Set([...own, ...account.identities]);
    return [address, address.replace(/^.*@/, '')].find((identity) => verified.has(identity));
  }

  const api: AwsService = ({ body }) => {
    const given = new URLSearchParams(body);
    const value = (name: string) => given.get(name) ?? '';
    if (value('Action') !== 'SendEmail') return unknownOperation('SES', value('Action'));
    const [, displayName = '', from = value('Source')] = /^(.*?) ?<(.*)>$/.exec(value('Source')) ?? [];
    const to = value('Destination.ToAddresses.member.1');
    const set = value('ConfigurationSetName');
    const context = { 'ses:FromAddress': from, 'ses:FromDisplayName': displayName, 'ses:Recipients': [to] };
    const need = (resource: string): Need => ({ action: 'ses:SendEmail', resource: arn(resource), context });
    const needs = [
      need(`identity/${identityOf(from) ?? from}`),
      ...(set === '' ? [] : [need(`configuration-set/${set}`)]),
      ...(account.isInSandbox ? [need(`identity/${identityOf(to) ?? to}`)] : []),
    ];
    return {
      needs,
      run: () => {
        if (account.refusal) throw new AwsError(account.refusal.code, account.refusal.message);
        if (given.has('Destination.ToAddresses.member.2'))
          throw new AwsError('InvalidParameterValue', 'One recipient only.');
        if (!/^[^@\s]+@[^@\s]+$/.test(to)) throw new AwsError('InvalidParameterValue', 'Missing final "@domain".');
        if (set !== '' && !sets.has(set)) throw new AwsError('ConfigurationSetDoesNotExist', `${set} does not exist.`);
        const unverified = [from, ...(account.isInSandbox ? [to] : [])].filter((one) => identityOf(one) === undefined);
        if (unverified.length > 0) {
          throw new AwsError(
            'MessageRejected',
            `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${unverified.join(', ')}`,
          );
        }
        const mail = readMail(given, to, toIso(clock.now()));
        if (account.suppressed.has(to)) onSuppressed(mail);
        else mails.push(mail);
        return {
          headers: { 'content-type': 'text/xml' },
          body: `<SendEmailResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><SendEmailResult><MessageId>${mail.id}</MessageId></SendEmailResult></SendEmailResponse>`,
        };
      },
    };
  };
  return { api, account, mails };
}

function readMail(given: URLSearchParams, to: string, sentAt: string): OutboxMail {
  const value = (name: string) => given.get(name) ?? '';
  const tags: Record<string, string> = {};
  for (let number = 1; given.has(`Tags.member.${number}.Name`); number += 1) {
    const [name, text] = [value(`Tags.member.${number}.Name`), value(`Tags.member.${number}.Value`)];
    // AWS, "MessageTag": only these characters, and fewer than 256 of them.
    if (![name, text].every((part) => /^[\w-]{1,255}$/.test(part))) {
      throw new AwsError('InvalidParameterValue', `Invalid message tag ${name}: ${text}`);
    }
    tags[name] = text;
  }
  return {
    id: randomUUID(),
    to,
    subject: value('Message.Subject.Data'),
    text: value('Message.Body.Text.Data'),
    html: value('Message.Body.Html.Data'),
    sentAt,
    ...(Object.keys(tags).length > 0 && { tags }),
  };
}
