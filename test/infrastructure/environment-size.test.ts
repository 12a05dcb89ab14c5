import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { boundOfEnvironment, bytesOfEnvironment, MAX_ENVIRONMENT } from '../../config/environment-size.ts';
import { readStage, StageError, type Stage, type StageSettings } from '../../config/stage.ts';
import { ApiStack } from '../../lib/api-stack.ts';
import { DataStack } from '../../lib/data-stack.ts';
import { MeteringStack } from '../../lib/metering-stack.ts';
import { exampleStages } from '../support/example-stages.ts';

/** The longest values of the variables whose values CloudFormation creates, in the region with the longest name. */
const REGION_AND_ACCOUNT = 'ap-southeast-1:123456789012';
const longest: Readonly<Record<string, number>> = {
  // CloudFormation makes a name from the name of the stack, the logical ID and 13 random characters.
  TABLE_NAME: 110,
  CLOSING_RECORDS_TABLE_NAME: 110,
  // The name of a function has at most 64 characters, the name of a queue 80, and the name of a configuration set 64.
  AGGREGATOR_NAME: 64,
  CONFIGURATION_SET: 64,
  DISCARDING_QUEUE_URL: `https://sqs.${REGION_AND_ACCOUNT}.amazonaws.com//`.length + 80,
  LINKS_QUEUE_URL: `https://sqs.${REGION_AND_ACCOUNT}.amazonaws.com//`.length + 80,
  NOTICES_QUEUE_URL: `https://sqs.${REGION_AND_ACCOUNT}.amazonaws.com//`.length + 80,
  WEBHOOKS_QUEUE_URL: `https://sqs.${REGION_AND_ACCOUNT}.amazonaws.com//`.length + 80,
  STAGE_SECRET: `arn:aws:secretsmanager:${REGION_AND_ACCOUNT}:secret:`.length + 64 + 7,
  // Two secrets of 43 characters, and a comma.
  EDGE_SECRETS: 87,
  // The name of a bucket has at most 63 characters.
  COPIES_BUCKET: 63,
  // Six IDs of 36 characters, and five commas.
  EVENT_SOURCE_MAPPINGS: 221,
};

/**
 * Returns the size of each function's environment variables, with the longest values that CloudFormation can create.
 */
function sizesIn(stage: Stage): { name: string; bytes: number }[] {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const { table, closingRecords, stageSecret } = new DataStack(app, 'data', { stage });
  const metering = new MeteringStack(app, 'metering', { stage, table, closingRecords, stageSecret });
  const { discardingQueue } = metering;
  const api = new ApiStack(app, 'api', { stage, table, discardingQueue, stageSecret });
  return [metering, api]
    .flatMap((stack) => Object.entries(Template.fromStack(stack).findResources('AWS::Lambda::Function')))
    .flatMap(([name, { Properties }]) => {
      const { Environment } = Properties as { Environment?: { Variables: Record<string, unknown> } };
      if (Environment === undefined) return [];
      const variables = Object.entries(Environment.Variables).map(([variable, value]) => {
        if (typeof value === 'string') return [variable, value];
        const length = longest[variable];
        if (length === undefined) throw new Error(`The longest value of ${variable} is unknown.`);
        return [variable, 'x'.repeat(length)];
      });
      return [{ name, bytes: bytesOfEnvironment(Object.fromEntries(variables) as Record<string, string>) }];
    });
}
const largestOf = (stage: Stage) => Math.max(...sizesIn(stage).map(({ bytes }) => bytes));

/** A stage with the longest name, whose settings are as long as those of a real stage can be. */
const settings = {
  ...exampleStages['production'],
  origin: `https://${'console.'.repeat(12)}example.co.jp`,
  sender: `${'s'.repeat(64)}@${'mail.'.repeat(20)}example.co.jp`,
  contact: `${'c'.repeat(64)}@${'mail.'.repeat(20)}example.co.jp`,
  timeZone: 'America/Argentina/ComodRivadavia',
  edgeSecrets: [2, 1],
  copies: { region: 'ap-southeast-1', lockDays: 36_500 },
} satisfies Partial<StageSettings>;
const NAME = 'production-of-tokyo1';
const read = (forWhom: string, changed: Partial<StageSettings> = {}) => {
  const plans = structuredClone(readStage(exampleStages, 'production').plans);
  for (const plan of plans) Object.assign(plan, { forWhom: '小規模なサービスのお試し' });
  Object.assign(plans[0], { forWhom });
  const file = join(mkdtempSync(join(tmpdir(), 'plans-')), 'plans.json');
  writeFileSync(file, JSON.stringify(plans));
  return readStage({ [NAME]: { ...settings, ...changed, planCatalogue: relative('.', file) } }, NAME);
};
/** Returns how many Japanese characters the description of a plan can have before `readStage` refuses the catalogue. */
function longestAccepted(): number {
  const spare = MAX_ENVIRONMENT - boundOfEnvironment(read(''));
  return Math.floor(spare / Buffer.byteLength('日'));
}

describe('a plan catalogue in Japanese', () => {
  beforeEach(() => {
    vi.stubEnv('CDK_VALIDATION', 'false');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('that readStage just accepts leaves the variables of every function within the limit of Lambda', () => {
    const stage = read('日'.repeat(longestAccepted()));
    const sizes = sizesIn(stage);

    expect(sizes.length).toBeGreaterThan(15);
    expect(sizes.filter(({ bytes }) => bytes > MAX_ENVIRONMENT)).toEqual([]);
    expect(largestOf(stage)).toBeGreaterThan(MAX_ENVIRONMENT - 200);
  });

  it('that is one character longer is refused, with an error that says by how many bytes and what to do', () => {
    const tooLong = () => read('日'.repeat(longestAccepted() + 1));

    expect(tooLong).toThrow(StageError);
    expect(tooLong).toThrow(
      /: is [1-3] bytes too long for the environment variables of a function.*Shorten "forWhom"\./,
    );
  });

  it('counts bytes, and not characters', () => {
    const characters = longestAccepted();
    expect(() => read('日'.repeat(characters * 2))).toThrow(StageError);
    expect(() => read('a'.repeat(characters * 2))).not.toThrow();
  });

  it('counts a quote as two bytes, as Lambda does in JSON within JSON', () => {
    const bytes = (forWhom: string) => boundOfEnvironment(read(forWhom));
    // In the catalogue's JSON, a quote is `\"`. In the JSON of the variables, this is `\\\"`.
    expect(bytes('"') - bytes('')).toBe(4);
  });

  it.each<[string, Partial<StageSettings>]>([
    ['a long URL of the metadata', { metadataUrl: `https://mirror.example.com/${'a'.repeat(500)}` }],
    ['short addresses', { sender: 'a@b.example', contact: 'c@d.example' }],
  ])('is within the bound in a stage with %s', (_, changed) => {
    const stage = read('日本', changed);

    expect(largestOf(stage)).toBeLessThanOrEqual(boundOfEnvironment(stage));
  });
});
