import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StageSettings } from '../../config/stage.ts';
import { DeployedStacks, exportsOf, importsOf } from './deployed-stacks.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

const times = { first: '20261103t230000z', second: '20261113t230000z' };
type Name = keyof typeof times;
const restoredName = (name: Name) => `fido2-server-service-production-restored-${times[name]}`;
const restoredArn = (name: Name) => `arn:aws:dynamodb:eu-central-1:123456789012:table/${restoredName(name)}`;
const streamOf = (name: Name) => `${restoredArn(name)}/stream/2026-11-30T03:00:00.000`;

/** The settings of a stage before, during and after restoring, each with the templates that follow from them. */
const states = {
  own: {},
  suspended: { suspended: true },
  restored: { suspended: true, restoredTable: streamOf('first'), signalsUnknownCredentials: false },
  serving: { restoredTable: streamOf('first') },
  restoredAgain: { restoredTable: streamOf('second') },
  ownRemoved: { restoredTable: streamOf('first'), keepsOwnTable: false },
} satisfies Record<string, Partial<StageSettings>>;
type State = keyof typeof states;

const services = {} as Record<State, SynthesizedService>;
beforeAll(async () => {
  for (const [state, settings] of Object.entries(states)) {
    services[state as State] = await synthesize('production', { settings });
  }
}, 240_000);

/** Deploys all stacks of each state, one state after the other. */
function deploy(...order: readonly State[]): DeployedStacks {
  const deployed = new DeployedStacks();
  for (const state of order) deployed.deploy(services[state].inOrder);
  return deployed;
}
const stackOf = (state: State, part: string) => {
  const found = services[state].inOrder.find(({ stackName }) => stackName.endsWith(`-${part}`));
  if (!found) throw new Error(`There is no stack ${part}`);
  return found;
};

describe('CloudFormation accepts the deployments', () => {
  it.each<{ way: string; order: readonly State[] }>([
    { way: 'of a restore', order: ['own', 'suspended', 'restored', 'serving'] },
    { way: 'of a restore without stopping the service', order: ['own', 'serving'] },
    { way: 'of a second restore', order: ['own', 'serving', 'restoredAgain'] },
    { way: "back to the stage's own table", order: ['own', 'serving', 'own'] },
    { way: "back to the stage's own table while suspended", order: ['own', 'suspended', 'restored', 'own'] },
    { way: "without the stage's own table after a restore", order: ['own', 'serving', 'ownRemoved'] },
    { way: 'of a new stage that begins with a restored table', order: ['ownRemoved'] },
  ])('$way', ({ order }) => {
    expect(() => deploy(...order)).not.toThrow();
  });

  it('when a deployment stopped after any number of stacks and is repeated', () => {
    const stacks = services.own.inOrder.length;
    for (const [from, to] of [
      ['own', 'suspended'],
      ['suspended', 'restored'],
      ['restored', 'serving'],
      ['serving', 'own'],
      ['serving', 'ownRemoved'],
    ] as const) {
      for (let deployedStacks = 0; deployedStacks <= stacks; deployedStacks += 1) {
        const deployed = from === 'own' ? deploy('own') : deploy('own', from);
        deployed.deploy(services[to].inOrder.slice(0, deployedStacks));
        expect(() => {
          deployed.deploy(services[to].inOrder);
        }).not.toThrow();
        expect(() => {
          deployed.deploy(services[from].inOrder);
        }).not.toThrow();
      }
    }
  });
});

describe('CloudFormation refuses', () => {
  it("to remove the stage's own table while the other stacks import it", () => {
    expect(() => deploy('own', 'ownRemoved')).toThrow(/-data: cannot change or remove the export .*SingleTable/);
  });

  it('a data stack that keeps the table but not its exports, so the other tests can fail', () => {
    const deployed = deploy('own');
    const { stackName, template } = stackOf('serving', 'data');
    expect(() => {
      deployed.update(stackName, { ...template, Outputs: {} });
    }).toThrow('cannot change or remove the export');
  });
});

describe('with a restored table', () => {
  it("the data stack exports the same values as before, and keeps the stage's own table", () => {
    expect(exportsOf(stackOf('serving', 'data').template)).toEqual(exportsOf(stackOf('own', 'data').template));
    expect(services.serving.data.template.findResources('AWS::DynamoDB::GlobalTable')).toEqual(
      services.own.data.template.findResources('AWS::DynamoDB::GlobalTable'),
    );
    services.serving.data.template.hasOutput('TableName', { Value: restoredName('first') });
  });

  it("no other stack imports the stage's own table", () => {
    const imported = services.serving.inOrder.flatMap(({ template }) => [...importsOf(template)]);
    expect(imported.filter((name) => name.includes('SingleTable'))).toEqual([]);
  });

  it('every function uses the restored table, and has no right to any other', () => {
    for (const part of ['metering', 'api'] as const) {
      const { template } = services.serving[part];
      const functions = Object.values(template.findResources('AWS::Lambda::Function')) as {
        Properties: { Environment?: { Variables: Record<string, unknown> } };
      }[];
      const tables = functions.flatMap(({ Properties }) => Properties.Environment?.Variables['TABLE_NAME'] ?? []);
      expect(tables.length).toBeGreaterThan(5);
      expect(new Set(tables)).toEqual(new Set([restoredName('first')]));
      const resources = [
        ...JSON.stringify(template.findResources('AWS::IAM::Policy')).matchAll(/arn:aws:dynamodb:[^"]+/g),
      ].map(([arn]) => arn);
      expect([...new Set(resources)].sort()).toEqual(
        [
          restoredArn('first'),
          `${restoredArn('first')}/index/finder`,
          ...(part === 'metering' ? [streamOf('first')] : []),
        ].sort(),
      );
    }
  });

  it('the rights of all functions are those that they have on the own table', () => {
    for (const part of ['metering', 'api'] as const) {
      const rights = (state: State) => {
        const text = JSON.stringify(services[state][part].template.findResources('AWS::IAM::Policy'));
        const own = `{"Fn::ImportValue":"fido2-server-service-production-data:ExportsOutputFnGetAttSingleTable`;
        return (
          text
            .replaceAll(
              new RegExp(`\\{"Fn::Join":\\["",\\[${own}[A-F0-9]+Arn[A-F0-9]+"\\},"/index/finder"\\]\\]\\}`, 'g'),
              '"finder"',
            )
            .replaceAll(new RegExp(`${own}[A-F0-9]+Arn[A-F0-9]+"\\}`, 'g'), '"table"')
            .replaceAll(new RegExp(`${own}[A-F0-9]+StreamArn[A-F0-9]+"\\}`, 'g'), '"stream"')
            .replaceAll(`"${streamOf('first')}"`, '"stream"')
            .replaceAll(`"${restoredArn('first')}/index/finder"`, '"finder"')
            .replaceAll(`"${restoredArn('first')}"`, '"table"')
            // The names of the event source mappings contain the path of the table in the stacks.
            .replaceAll(/(DynamoDBEventSource\w+SingleTable)\w+"/g, '$1"')
        );
      };
      expect(JSON.parse(rights('serving'))).toEqual(JSON.parse(rights('own')));
    }
  });

  it('the stream consumers read its stream, and the dashboard shows its metrics', () => {
    const mappings = (state: State) =>
      Object.values(services[state].metering.template.findResources('AWS::Lambda::EventSourceMapping')) as {
        Properties: Record<string, unknown>;
      }[];
    const streams = mappings('serving').filter(({ Properties }) => 'StartingPosition' in Properties);
    expect(streams.map(({ Properties }) => Properties['EventSourceArn'])).toEqual([
      streamOf('first'),
      streamOf('first'),
    ]);
    const others = (state: State) =>
      mappings(state).map(({ Properties: { EventSourceArn, FunctionName, ...rest } }) => rest);
    expect(others('serving')).toEqual(others('own'));
    const dashboard = JSON.stringify(services.serving.operations.template.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboard).toContain(`TableName\\",\\"${restoredName('first')}\\"`);
  });
});

describe('a suspended stage', () => {
  it('has only disabled event source mappings and rules', () => {
    for (const part of ['metering', 'api', 'console', 'operations'] as const) {
      const { template } = services.suspended[part];
      for (const { Properties } of Object.values(template.findResources('AWS::Lambda::EventSourceMapping')))
        expect(Properties).toMatchObject({ Enabled: false });
      for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule')))
        expect(Properties).toMatchObject({ State: 'DISABLED' });
    }
    services.suspended.metering.template.resourceCountIs('AWS::Lambda::EventSourceMapping', 6);
    services.suspended.metering.template.resourceCountIs('AWS::Events::Rule', 7);
  });

  it('invokes none of its functions but the check of a deployment', () => {
    for (const part of ['metering', 'api'] as const) {
      const functions = Object.entries(services.suspended[part].template.findResources('AWS::Lambda::Function'))
        .filter(([, { Properties }]) => JSON.stringify(Properties).includes('TABLE_NAME'))
        .map(([id, { Properties }]) => ({
          id,
          concurrency: (Properties as Record<string, unknown>)['ReservedConcurrentExecutions'],
        }));
      expect(functions.length).toBeGreaterThan(5);
      const running = functions.filter(({ concurrency }) => concurrency !== 0).map(({ id }) => id.slice(0, 16));
      expect(running).toEqual(part === 'metering' ? ['fixtimezoneCheck'] : []);
    }
  });

  it('is started again by the template, which enables everything that suspending disabled', () => {
    for (const part of ['metering', 'api'] as const) {
      const { template } = services.serving[part];
      for (const { Properties } of Object.values(template.findResources('AWS::Lambda::EventSourceMapping')))
        expect(Properties).toMatchObject({ Enabled: true });
      for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule')))
        expect(Properties).toMatchObject({ State: 'ENABLED' });
      template.allResourcesProperties('AWS::Lambda::Function', { ReservedConcurrentExecutions: Match.absent() });
    }
  });
});
