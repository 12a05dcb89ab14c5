import { App, SecretValue, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConsoleDistribution } from '../../lib/constructs/console-distribution.ts';
import { HttpApi } from '../../lib/constructs/http-api.ts';

const WEB_ACL = 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/service/0a1b';

/** Returns the configuration of a distribution with the web ACL `webAclArn`. */
function configurationWith(webAclArn: string | undefined): Record<string, unknown> {
  const stack = new Stack(new App(), 'Stack');
  new ConsoleDistribution(stack, 'Console', {
    comment: 'service',
    bucket: new Bucket(stack, 'Bucket'),
    httpApi: new HttpApi(stack, 'HttpApi', { name: 'service' }),
    edgeSecret: SecretValue.unsafePlainText('secret'),
    webAclArn,
  });
  const [distribution] = Object.values(Template.fromStack(stack).findResources('AWS::CloudFront::Distribution'));
  return (distribution?.['Properties'] as { DistributionConfig: Record<string, unknown> }).DistributionConfig;
}

describe('the distribution of the console', () => {
  beforeEach(() => {
    vi.stubEnv('CDK_VALIDATION', 'false');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('has the web ACL that the stage names', () => {
    expect(configurationWith(WEB_ACL)).toMatchObject({ WebACLId: WEB_ACL });
  });

  it('has no web ACL if the stage names none', () => {
    expect(configurationWith(undefined)).not.toHaveProperty('WebACLId');
  });
});
