import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readStage, type StageSettings } from '../../config/stage.ts';
import { Sender } from '../../lib/constructs/sender.ts';
import { exampleStages } from '../support/example-stages.ts';

/**
 * Returns the template of a stack in Tokyo that sends e-mails, with the settings `changed`, and its outputs by name.
 */
function stackWith(changed: Partial<StageSettings>) {
  const stage = readStage({ staging: { ...exampleStages['production'], ...changed } }, 'staging');
  const env = { account: '123456789012', region: 'ap-northeast-1' };
  const stack = new Stack(new App(), 'Stack', { env });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  role.addToPolicy(new PolicyStatement({ actions: ['logs:PutLogEvents'], resources: ['arn:aws:logs:::log'] }));
  new Sender(stack, 'Sender', { stage }).allowSending(role);
  const template = Template.fromStack(stack);
  const outputs = Object.entries(template.findOutputs('*')).map(([id, { Value }]) => [id, Value as unknown]);
  return { template, outputs: Object.fromEntries(outputs) as Record<string, unknown> };
}

describe('the sender of a stage', () => {
  beforeEach(() => {
    vi.stubEnv('CDK_VALIDATION', 'false');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('has an SES identity with a MAIL FROM domain, and outputs every DNS record that the domain needs', () => {
    const { template, outputs } = stackWith({});
    const [identity] = Object.keys(template.findResources('AWS::SES::EmailIdentity'));
    const dkim = (number: number) => ({
      'Fn::Join': [
        '',
        [
          { 'Fn::GetAtt': [identity, `DkimDNSTokenName${number}`] },
          ' CNAME ',
          { 'Fn::GetAtt': [identity, `DkimDNSTokenValue${number}`] },
        ],
      ],
    });

    template.hasResourceProperties('AWS::SES::EmailIdentity', {
      EmailIdentity: 'example.com',
      // Without the setting `BehaviorOnMxFailure`, SES sends with its own MAIL FROM domain until the record exists.
      MailFromAttributes: { MailFromDomain: 'bounces.example.com' },
    });
    expect(outputs).toEqual({
      DkimRecord1: dkim(1),
      DkimRecord2: dkim(2),
      DkimRecord3: dkim(3),
      MailFromMxRecord: 'bounces.example.com MX 10 feedback-smtp.ap-northeast-1.amazonses.com',
      MailFromSpfRecord: 'bounces.example.com TXT "v=spf1 include:amazonses.com ~all"',
      DmarcRecord: '_dmarc.example.com TXT "v=DMARC1; p=none;"',
    });
  });

  it('has the MAIL FROM domain that the stage names', () => {
    const { outputs } = stackWith({ mailFromLabel: 'returns' });

    expect(outputs['MailFromMxRecord']).toMatch(/^returns\.example\.com MX /);
    expect(outputs['MailFromSpfRecord']).toMatch(/^returns\.example\.com TXT /);
  });

  it('creates no identity and outputs no records if the identity exists already, and has the same rights', () => {
    const { template, outputs } = stackWith({ senderIdentity: 'existing' });

    template.resourceCountIs('AWS::SES::EmailIdentity', 0);
    template.resourceCountIs('AWS::SES::ConfigurationSet', 1);
    expect(outputs).toEqual({});
    expect(template.findResources('AWS::IAM::Policy')).toEqual(
      stackWith({ senderIdentity: 'create' }).template.findResources('AWS::IAM::Policy'),
    );
  });
});
