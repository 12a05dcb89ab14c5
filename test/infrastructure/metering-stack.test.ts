import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { deployedFunctions, type DeployedFunction } from './deployed-functions.ts';
import { PATIENCE, synthesize, type SynthesizedService } from './synthesize.ts';

describe('the metering stack', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  const named = (name: string) => {
    const found = functions.find((deployed) => deployed.name === name);
    if (!found) throw new Error(`No function is named ${name}`);
    return found;
  };
  beforeAll(async () => {
    service = await synthesize('development');
    functions = deployedFunctions(service.metering, service.data.stack.table);
  }, PATIENCE);
  const mappingOf = (name: string) => {
    const [mapping, ...others] = Object.values(
      service.metering.template.findResources('AWS::Lambda::EventSourceMapping', {
        Properties: { FunctionName: { Ref: named(name).logicalId } },
      }),
    );
    expect(others).toEqual([]);
    return (mapping as { Properties: Record<string, unknown> }).Properties;
  };
  const queueOf = (destination: unknown) => {
    const [logicalId] = Object.keys(service.metering.template.findResources('AWS::SQS::Queue')).filter((id) =>
      JSON.stringify(destination).includes(id),
    );
    return logicalId;
  };

  it('hands the aggregator new active-user records only, in windows, one batch after the other, for a day', () => {
    const mapping = mappingOf('aggregate-active-users');

    expect(mapping).toMatchObject({
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 5,
      TumblingWindowInSeconds: 60,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: false,
      MaximumRecordAgeInSeconds: 86_400,
      MaximumRetryAttempts: -1,
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"ACTIVE#"}]}}}}' }],
      },
    });
    expect(queueOf(mapping['DestinationConfig'])).toBeDefined();
  });

  it('hands the sender new e-mails only, at once, with those that failed named', () => {
    const mapping = mappingOf('send-mail');

    expect(mapping).toMatchObject({
      MaximumBatchingWindowInSeconds: 0,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 6 * 3600,
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MAIL#"}]}}}}' }],
      },
    });
    expect(mapping).not.toHaveProperty('TumblingWindowInSeconds');
    expect(queueOf(mapping['DestinationConfig'])).toBeDefined();
    expect(named('send-mail').properties.Timeout).toBeGreaterThan(Number(mapping['BatchSize']) * 12);
  });

  it('lets the sender send from its own address only, of the domain whose DKIM records are outputs', () => {
    const { template } = service.metering;

    template.hasResourceProperties('AWS::SES::EmailIdentity', { EmailIdentity: 'development.example.com' });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'ses:SendEmail',
            Resource: { 'Fn::Join': ['', Match.arrayWith([':identity/'])] },
            Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@development.example.com' } },
          }),
        ]),
      },
    });
    expect(functions.filter(({ rights }) => rights.some((right) => right.startsWith('ses:')))).toHaveLength(1);
    expect(Object.keys(template.findOutputs('*')).filter((name) => name.includes('Dkim'))).toHaveLength(3);
  });

  it('recounts every hour, and keeps the event of a run that failed for good', () => {
    const { logicalId, properties } = named('recount-active-users');

    service.metering.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [logicalId, 'Arn'] }, DeadLetterConfig: Match.anyValue() }],
    });
    expect(queueOf((properties as { DeadLetterConfig?: unknown }).DeadLetterConfig)).toBeDefined();
    expect(properties.Environment.Variables['AGGREGATOR_NAME']).toEqual({
      Ref: named('aggregate-active-users').logicalId,
    });
  });

  it('closes months every hour, and keeps the event of a run that failed for good', () => {
    const { logicalId, properties } = named('close-months');

    service.metering.template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 hour)',
      State: 'ENABLED',
      Targets: [{ Arn: { 'Fn::GetAtt': [logicalId, 'Arn'] }, DeadLetterConfig: Match.anyValue() }],
    });
    expect(queueOf((properties as { DeadLetterConfig?: unknown }).DeadLetterConfig)).toBeDefined();
    // A run leaves the last three minutes to the month that it has begun.
    expect(properties.Timeout).toBe(15 * 60);
  });

  it('gives the discarding worker one message at a time, for longer than it can take', () => {
    const { Timeout, ...properties } = named('discard-rp').properties;
    const { template } = service.metering;
    const [queue] = Object.values(template.findResources('AWS::SQS::Queue', { Properties: { RedrivePolicy: {} } }));

    expect(mappingOf('discard-rp')).toMatchObject({ BatchSize: 1 });
    expect((queue as { Properties: { VisibilityTimeout: number } }).Properties.VisibilityTimeout).toBe(6 * Timeout);
    // It sends itself what is left: Lambda would stop that after 16 messages.
    expect(properties).toMatchObject({ RecursiveLoop: 'Allow' });
  });

  it('takes messages over TLS only', () => {
    const { template } = service.metering;
    const policies = JSON.stringify(template.findResources('AWS::SQS::QueuePolicy'));

    for (const queue of Object.keys(template.findResources('AWS::SQS::Queue'))) expect(policies).toContain(queue);
    expect(policies).toContain('"aws:SecureTransport":"false"');
  });

  it('checks the time zone before any other function is created or updated', () => {
    const { template } = service.metering;
    const [trigger] = Object.keys(template.findResources('Custom::Trigger'));
    const resources = template.findResources('AWS::Lambda::Function') as Record<string, { DependsOn?: string[] }>;

    for (const { name, logicalId } of functions) {
      const waits = resources[logicalId]?.DependsOn?.includes(trigger ?? '') ?? false;
      expect({ name, waits }).toEqual({ name, waits: name !== 'settle-time-zone' });
    }
  });

  it("names the operator's function, so that the command line finds it", () => {
    expect(named('run-operator-command').properties.FunctionName).toBe('fido2-server-service-development-operator');
    service.metering.template.hasOutput('OperatorFunctionName', {});
  });
});
