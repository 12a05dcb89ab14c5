import { globSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

/** The names of the outputs of each stage, without the exports, which the CDK names and only stacks read. */
const outputs: Record<string, readonly string[]> = {};

beforeAll(async () => {
  const stages: Record<string, Parameters<typeof synthesize>[1]> = {
    development: {},
    production: { settings: { copies: { region: 'eu-west-1', lockDays: 1 }, senderIdentity: 'existing' } },
  };
  for (const [stage, options] of Object.entries(stages)) {
    const { inOrder } = await synthesize(stage, options);
    const names = inOrder.flatMap(({ template: { Outputs = {} } }) =>
      Object.entries(Outputs).flatMap(([name, { Export }]) => (Export ? [] : [name])),
    );
    outputs[stage] = [...new Set(names)];
  }
});

const EVERYWHERE = [
  ...['TableName', 'ClosingRecordsTableName', 'StageSecretArn', 'MetadataFunctionName', 'OperatorFunctionName'],
  ...['ApiUrl', 'ConsoleUrl', 'Commit'],
];

describe('the outputs of the stacks', () => {
  it('have names without the path of a construct and without a hash', () => {
    const records = ['DkimRecord1', 'DkimRecord2', 'DkimRecord3', 'MailFromMxRecord', 'MailFromSpfRecord'];

    expect(outputs['development']?.toSorted()).toEqual([...EVERYWHERE, ...records, 'DmarcRecord'].sort());
    expect(outputs['production']?.toSorted()).toEqual([...EVERYWHERE, 'CopiesBucketName', 'ConsoleDnsRecord'].sort());
  });

  it('include every output that README, the runbook or a command names', () => {
    const text = ['README.md', 'docs/runbook.md', ...globSync('{bin,local}/**/*.ts')]
      .map((file) => readFileSync(file, 'utf8'))
      .join('\n');
    const named = [
      ...text.matchAll(/\boutputs?\s+(?:\w+\s+)?`?([A-Z][a-z]+(?:[A-Z][a-z]+)+\d?)\b/g),
      ...text.matchAll(/\b((?:Dkim|MailFrom|Dmarc|Console)\w*Record\d?)\b/g),
      ...text.matchAll(/(?:outputOf\(\w+, |\.output\()'(\w+)'/g),
    ].map(([, name]) => name);

    expect(new Set(named).size).toBeGreaterThan(10);
    const known = [...Object.values(outputs).flat(), 'BootstrapVersion'];
    expect([...new Set(named)].filter((name) => name === undefined || !known.includes(name))).toEqual([]);
  });
});
