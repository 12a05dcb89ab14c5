import type { Check } from './check.ts';
import { alarmSubscription } from './checks/alarm-subscription.ts';
import { bootstrap } from './checks/bootstrap.ts';
import { budget } from './checks/budget.ts';
import { certificate } from './checks/certificate.ts';
import { consoleHost } from './checks/console-host.ts';
import { copies } from './checks/copies.ts';
import { credentials } from './checks/credentials.ts';
import { lambdaConcurrency } from './checks/lambda-concurrency.ts';
import { senderIdentity } from './checks/sender-identity.ts';
import { dkim, dmarc, mailFrom } from './checks/sender-records.ts';
import { sesRate, sesSandbox, sesSending } from './checks/ses-account.ts';
import { settings } from './checks/settings.ts';
import { stacks } from './checks/stacks.ts';
import { suppressionList } from './checks/suppression-list.ts';
import { tableProtection } from './checks/table-protection.ts';
import { webAcl } from './checks/web-acl.ts';

/** All checks, in the order of the output: first what a deployment needs, then what it leaves to do. */
export const checks: readonly Check[] = [
  settings,
  credentials,
  bootstrap,
  lambdaConcurrency,
  sesSandbox,
  sesSending,
  sesRate,
  senderIdentity,
  certificate,
  webAcl,
  copies,
  stacks,
  consoleHost,
  dkim,
  mailFrom,
  dmarc,
  suppressionList,
  tableProtection,
  alarmSubscription,
  budget,
];
