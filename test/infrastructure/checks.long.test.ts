import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

interface PluginReport {
  readonly pluginName: string;
  readonly conclusion: string;
  readonly violations: readonly unknown[];
  readonly suppressedViolations: readonly { readonly acknowledgedId: string; readonly reason: string }[];
}

describe('the templates', () => {
  let reports: readonly PluginReport[];
  beforeAll(async () => {
    const { directory } = await synthesize('production', { validates: true });
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as {
      pluginReports: PluginReport[];
    };
    reports = report.pluginReports;
  });

  it.each(['AwsSolutions', 'Serverless'])('pass all rules of the cdk-nag rule pack %s without a warning', (pack) => {
    expect(reports.find(({ pluginName }) => pluginName === pack)).toMatchObject({
      conclusion: 'success',
      violations: [],
    });
  });

  it("have no findings from the CDK's own rules", () => {
    expect(reports.filter(({ violations }) => violations.length > 0)).toEqual([]);
  });

  it('suppress only the rules that this test lists, and state a reason for each suppression', () => {
    const excused = reports.flatMap(({ suppressedViolations }) => suppressedViolations);

    expect(excused.filter(({ reason }) => reason.length < 30)).toEqual([]);
    expect([...new Set(excused.map(({ acknowledgedId }) => acknowledgedId))].sort()).toEqual([
      'AwsSolutions::AwsSolutions-APIG4',
      'AwsSolutions::AwsSolutions-CFR1',
      'AwsSolutions::AwsSolutions-CFR2',
      'AwsSolutions::AwsSolutions-CFR3',
      'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::<FilesBucket7C17EE2E.Arn>/*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-<AWS::Region>/*]',
      'AwsSolutions::AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]',
      'AwsSolutions::AwsSolutions-L1',
      'AwsSolutions::AwsSolutions-S1',
      'AwsSolutions::AwsSolutions-SMG4',
      'AwsSolutions::AwsSolutions-SQS3',
      'Serverless::Serverless-EventBusDLQ',
      'Serverless::Serverless-LambdaAsyncFailureDestination',
      'Serverless::Serverless-LambdaDLQ',
      'Serverless::Serverless-LambdaEventSourceMappingDestination',
      'Serverless::Serverless-LambdaLatestVersion',
      'Serverless::Serverless-LambdaTracing',
      'Serverless::Serverless-SNSRedrivePolicy',
      'Serverless::Serverless-SQSRedrivePolicy',
    ]);
  });
});
