import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readStage, StageError } from '../../config/stage.ts';
import { stages as ownStages } from '../../config/stages.ts';
import { exampleStages } from '../support/example-stages.ts';

const good = exampleStages['development'];
const read = (settings: object) => readStage({ staging: { ...good, ...settings } }, 'staging');

describe('readStage', () => {
  it.each(Object.keys(ownStages))('accepts the settings of the stage %s', (name) => {
    expect(readStage(ownStages, name)).toMatchObject({ name, serviceName: `fido2-server-service-${name}` });
  });

  it('accepts anonymous requests at the URL of the API unless the stage refuses them', () => {
    expect(readStage(exampleStages, 'production')).toMatchObject({ onlyThroughCloudFront: 'none', edgeSecrets: [1] });
    expect(read({ onlyThroughCloudFront: 'all', edgeSecrets: [2, 1] })).toMatchObject({
      onlyThroughCloudFront: 'all',
      edgeSecrets: [2, 1],
    });
  });

  it('expects 1,000 concurrent executions, and has a budget only if the stage has one', () => {
    expect(read({ monthlyBudget: undefined })).toMatchObject({ concurrencyLimit: 1_000 });
    expect(read({ monthlyBudget: undefined }).monthlyBudget).toBeUndefined();
    expect(read({ concurrencyLimit: 10, monthlyBudget: 99.5 })).toMatchObject({
      concurrencyLimit: 10,
      monthlyBudget: 99.5,
    });
  });

  it('downloads the metadata of the FIDO Alliance unless the stage names another https URL', () => {
    expect(readStage(exampleStages, 'production').metadataUrl).toBe('https://mds3.fidoalliance.org/');
    expect(read({ metadataUrl: 'https://mirror.example.com/mds' }).metadataUrl).toBe('https://mirror.example.com/mds');
  });

  it('creates the SES identity of the sender unless the stage says that it exists', () => {
    expect(readStage(exampleStages, 'production')).toMatchObject({
      senderIdentity: 'create',
      mailFromLabel: 'bounces',
    });
    expect(read({ senderIdentity: 'existing' }).senderIdentity).toBe('existing');
  });

  it('returns retained: true for the stage production', () => {
    expect(readStage(exampleStages, 'production').retained).toBe(true);
  });

  it('verifies the domains of RPs only in a stage that says so, such as production', () => {
    expect(readStage(exampleStages, 'production').verifyDomains).toBe(true);
    expect(readStage(exampleStages, 'development').verifyDomains).toBe(false);
    expect(read({ verifyDomains: true }).verifyDomains).toBe(true);
  });

  it.each([
    [{ origin: 'http://console.example.com' }, '"origin" is "http://console.example.com". Set an https URL'],
    [{ origin: 'https://console.example.com/' }, '"origin" is "https://console.example.com/". Set an https URL'],
    [{ origin: 'console' }, '"origin" is "console". Set an https URL'],
    [
      { origin: 'https://console.example.com:8443' },
      '"origin" is "https://console.example.com:8443". Set an https URL without a port',
    ],
    ...[
      'localhost',
      '192.0.2.1',
      '[2001:db8::1]',
      'console.example.com.',
      'my_console.example.com',
      'console.例え.jp',
    ].map((host): [object, string] => {
      const origin = `https://${host}`;
      return [{ origin }, `"origin" is "${origin}". Set an https URL without a port, without a path and without a `];
    }),
    [
      { certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a-1' },
      '"certificateArn" is "arn:aws:acm:eu-west-1',
    ],
    [{ certificateArn: '' }, '"certificateArn" is "". Set the ARN of a certificate in ACM of us-east-1'],
    [{ sender: 'no-reply' }, '"sender" is "no-reply". Set one e-mail address'],
    [
      { senderIdentity: 'exists' },
      '"senderIdentity" is "exists". Set "create", or "existing" if SES already has an identity',
    ],
    [{ mailFromLabel: 'a.b' }, '"mailFromLabel" is "a.b". Set one label of a domain name in lower case'],
    ...['returns', 'bounces'].map((mailFromLabel): [object, string] => [
      { senderIdentity: 'existing', mailFromLabel },
      `"mailFromLabel" is "${mailFromLabel}", but "senderIdentity" is "existing". Remove "mailFromLabel"`,
    ]),
    [{ emailsPerSecond: 0 }, '"emailsPerSecond" is 0. Set how many e-mails SES accepts in a second'],
    [{ emailsPerSecond: 0.5 }, '"emailsPerSecond" is 0.5. Set how many e-mails SES accepts in a second'],
    [{ concurrencyLimit: 9 }, '"concurrencyLimit" is 9. Set the account\'s quota of concurrent executions'],
    [{ concurrencyLimit: 99.5 }, '"concurrencyLimit" is 99.5. Set the account\'s quota of concurrent executions'],
    [{ monthlyBudget: 0 }, '"monthlyBudget" is 0. Set an amount of US dollars of at least 1'],
    [{ monthlyBudget: '100' }, '"monthlyBudget" is "100". Set an amount of US dollars of at least 1'],
    [{ unsubscribeGraceHours: 721 }, '"unsubscribeGraceHours" is 721. Set a whole number of hours from 0 to 720'],
    [{ unsubscribeGraceHours: -1 }, '"unsubscribeGraceHours" is -1. Set a whole number of hours from 0 to 720'],
    [{ unsubscribeGraceHours: 0.5 }, '"unsubscribeGraceHours" is 0.5. Set a whole number of hours from 0 to 720'],
    [{ metadataUrl: 'http://mds.example.com' }, '"metadataUrl" is "http://mds.example.com". Set an https URL'],
    [{ operator: undefined }, '"operator" is not set. Set one e-mail address'],
    [{ verifyDomains: 'on' }, '"verifyDomains" is "on". Set true for a stage with customers, or false'],
    [{ contact: 7 }, '"contact" is 7. Set one e-mail address'],
    [{ timeZone: 'Europe/Atlantis' }, '"timeZone" is "Europe/Atlantis". Set the IANA name of a time zone'],
    [{ timeZone: '+09:00' }, '"timeZone" is "+09:00". Set the IANA name of a time zone'],
    [
      { tableMaximum: { readUnits: 499, writeUnits: 1_000 } },
      '"tableMaximum.readUnits" is 499. Set { readUnits, writeUnits }, each a whole number of at least 500',
    ],
    [{ tableMaximum: { readUnits: 4_000 } }, '"tableMaximum.writeUnits" is not set. Set { readUnits, writeUnits }'],
    [{ tableMaximum: 4_000 }, '"tableMaximum" is 4000. Set { readUnits, writeUnits }'],
    [
      { tableMaximum: { readUnits: 4_000, writeUnits: 1_000, units: 1 } },
      '"tableMaximum.units" is 1. Remove the unknown settings',
    ],
    [{ retained: 'yes' }, '"retained" is "yes". Set true for a stage with customers'],
    [
      { onlyThroughCloudFront: true },
      '"onlyThroughCloudFront" is true. Set the requests that the URL of the API itself',
    ],
    [
      { webAclArn: 'arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/a/b' },
      '"webAclArn" is "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/a/b". Set the ARN of a web ACL for CloudFront',
    ],
    [{ copies: { lockDays: 1 } }, '"copies.region" is not set. Set { region, lockDays, mode? }'],
    ...['Ireland', 'eu-west-9', 'eu-west-1a', 'us-gov-east-1', 'cn-north-1'].map((region): [object, string] => [
      { copies: { region, lockDays: 1 } },
      `"copies.region" is "${region}". Set the code of an AWS region that exists, such as "eu-west-1"`,
    ]),
    [{ copies: { region: 'eu-west-1', lockDays: 0 } }, '"copies.lockDays" is 0. Set { region, lockDays, mode? }'],
    [
      { copies: { region: 'eu-west-1', lockDays: 9, mode: 'none' } },
      '"copies.mode" is "none". Set { region, lockDays, mode? }',
    ],
    [
      { suspended: 'yes' },
      '"suspended" is "yes". Set true to stop the service, for example while a backup is restored, or false',
    ],
    [{ restoredTable: 'restored' }, '"restoredTable" is "restored". Set the ARN of the stream of the restored table'],
    [
      { restoredTable: 'arn:aws:dynamodb:eu-west-1:123456789012:table/restored' },
      '"restoredTable" is "arn:aws:dynamodb:eu-west-1:123456789012:table/restored". Set the ARN of the stream',
    ],
    [
      { restoredTable: 'arn:aws:dynamodb:eu-west-1:123456789012:table/fido2-server-service-production-table/stream/1' },
      '"restoredTable" is "arn:aws:dynamodb:eu-west-1:123456789012:table/fido2-server-service-production-table/stream/1". Set the ARN of the stream of a table of this stage that "npm run restore" has restored. Its name is like "fido2-server-service-staging-restored-20261130t010000z".',
    ],
    ...['staging-restored-x-data-table', 'staging-restored-20261130t010000z-x', 'restored-20261130t010000z'].map(
      (name): [object, string] => {
        const restoredTable = `arn:aws:dynamodb:eu-west-1:123456789012:table/fido2-server-service-${name}/stream/1`;
        return [{ restoredTable }, '"restoredTable" is "arn:aws:dynamodb:eu-west-1:123456789012:table/fido2-server-'];
      },
    ),
    [{ keepsOwnTable: false }, '"keepsOwnTable" is false, but no table serves. Set "restoredTable"'],
    [{ edgeSecrets: [] }, '"edgeSecrets" is []. Set one number, such as [1]'],
    [{ edgeSecrets: [1, 1] }, '"edgeSecrets" is [1,1]. Set one number, such as [1]'],
    [{ edgeSecrets: [3, 2, 1] }, '"edgeSecrets" is [3,2,1]. Set one number, such as [1]'],
    [{ sendr: 'a@example.com' }, '"sendr" is "a@example.com". Remove the unknown settings'],
    [{ planCatalogue: null }, '"planCatalogue" is null. Set the path of a plan catalogue'],
  ])(
    'rejects the settings %j with an error that names the stage, the setting, the value and the fix',
    (settings, message) => {
      expect(() => read(settings)).toThrow(StageError);
      expect(() => read(settings)).toThrow(`Stage "staging" of config/stages.ts: ${message}`);
    },
  );

  it('has a grace period of 72 hours after unsubscribing by default, and none if the setting is 0', () => {
    expect(read({}).unsubscribeGraceHours).toBe(72);
    expect(read({ unsubscribeGraceHours: 0 }).unsubscribeGraceHours).toBe(0);
  });

  it('accepts the domain of an e-mail address in Unicode, and returns it in ASCII, as SES requires', () => {
    expect(read({ sender: 'No-Reply@例え.jp' })).toMatchObject({ sender: 'no-reply@xn--r8jz45g.jp' });
  });

  it('reports all invalid settings in one error', () => {
    expect(() => read({ sender: 'a', operator: 'b' })).toThrow(/"sender" is "a"[^]*\n.*"operator" is "b"/);
  });

  it('reports a fault of a setting once', () => {
    expect(() => read({ edgeSecrets: 'yes' })).toThrow(/^.*"edgeSecrets" is "yes"\..*$/);
  });

  it.each([
    ['nowhere.json', 'cannot be read (ENOENT'],
    ['README.md', 'cannot be read ('],
    ['tsconfig.json', 'expected tuple'],
  ])('rejects the invalid plan catalogue %s', (planCatalogue, message) => {
    expect(() => read({ planCatalogue })).toThrow(`Plan catalogue ${planCatalogue} of stage "staging": `);
    expect(() => read({ planCatalogue })).toThrow(message);
  });

  it('rejects a plan catalogue with an error that names the invalid plan', () => {
    const plans = structuredClone(readStage(exampleStages, 'production').plans);
    Object.assign(plans[1], { maxMau: -1 });

    expect(() => read({ planCatalogue: catalogueOf(plans) })).toThrow('"1.maxMau" is -1. ');
  });

  it('rejects a stage name that is invalid in resource names', () => {
    expect(() => readStage({ 'My stage': good }, 'My stage')).toThrow(
      'Stage "My stage" of config/stages.ts: rename it.',
    );
  });
});

function catalogueOf(plans: unknown): string {
  const file = join(mkdtempSync(join(tmpdir(), 'plans-')), 'plans.json');
  writeFileSync(file, JSON.stringify(plans));
  return relative('.', file);
}
