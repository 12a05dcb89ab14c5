import type { CertificateDetail } from '@aws-sdk/client-acm';
import { fine, hint, toDo, type Check } from '../check.ts';

/** ACM renews a certificate 60 days before it ends (AWS Certificate Manager, "Managed certificate renewal"). */
const WARN_DAYS = 30;
const DAY = 24 * 60 * 60 * 1_000;
const REQUEST = 'Request another certificate in us-east-1 as README says, and set its ARN as certificateArn.';

/** Checks that the console's certificate is issued, lasts, and is for the host of the origin. */
export const certificate: Check = {
  name: 'certificate',
  async run({ aws, stage, now }) {
    const { certificateArn: arn, origin } = stage;
    const host = new URL(origin).hostname;
    if (arn === undefined) return hint('no certificateArn: the console has only the host name that CloudFront assigns');
    const { Account: account } = await aws.caller();
    if (account !== undefined && !arn.includes(`:${account}:`))
      return toDo(`certificateArn names a certificate outside of account ${account}`, REQUEST);
    const details = await aws.certificate(arn);
    if (!details) return toDo('ACM in us-east-1 has no such certificate', REQUEST);
    const { Status, NotAfter } = details;
    if (Status === 'PENDING_VALIDATION') return toDo('ACM has not validated the certificate', recordsFor(details));
    if (Status !== 'ISSUED') return toDo(`the certificate is in the state ${Status ?? 'unknown'}`, REQUEST);
    const names = [...new Set([details.DomainName ?? '', ...(details.SubjectAlternativeNames ?? [])])];
    if (!names.some((name) => matches(name, host)))
      return toDo(`the certificate is for ${names.join(', ')}, and not for ${host}`, REQUEST);
    if (NotAfter && NotAfter.getTime() - now <= WARN_DAYS * DAY)
      return toDo(
        `the certificate ends on ${NotAfter.toISOString().slice(0, 10)}, and ACM has not renewed it`,
        details.RenewalSummary ? recordsFor(details) : REQUEST,
      );
    return fine(`issued for ${host}${NotAfter ? ` until ${NotAfter.toISOString().slice(0, 10)}` : ''}`);
  },
};

/** Returns the DNS records with which ACM validates the names of a certificate. */
function recordsFor({ DomainValidationOptions = [] }: CertificateDetail): string {
  const records = DomainValidationOptions.flatMap(({ ResourceRecord, ValidationStatus }) =>
    ResourceRecord && ValidationStatus !== 'SUCCESS'
      ? [`${ResourceRecord.Name ?? ''} ${ResourceRecord.Type ?? ''} ${ResourceRecord.Value ?? ''}`]
      : [],
  );
  if (records.length === 0) return 'See the certificate in the ACM console of us-east-1.';
  return `Add: ${[...new Set(records)].join('; ')}`;
}

/** Returns whether a name of a certificate covers a host. A wildcard covers exactly one label. */
function matches(name: string, host: string): boolean {
  const wanted = host.toLowerCase();
  const covered = name.toLowerCase();
  return covered === wanted || (covered.startsWith('*.') && covered.slice(1) === wanted.slice(wanted.indexOf('.')));
}
