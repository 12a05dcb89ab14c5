import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { vi } from 'vitest';
import type { StageSettings } from '../../config/stage.ts';
import { stages } from '../../config/stages.ts';
import type { ApiStack } from '../../lib/api-stack.ts';
import type { ConsoleStack } from '../../lib/console-stack.ts';
import type { DataStack } from '../../lib/data-stack.ts';
import type { MeteringStack } from '../../lib/metering-stack.ts';
import type { OperationsStack } from '../../lib/operations-stack.ts';
import type { app as composed } from '../../bin/app.ts';
import { exampleStages, replaceStages } from '../support/example-stages.ts';
import { makeConsoleFolder } from '../support/console-folder.ts';
import type { StackTemplate } from '../support/stack-template.ts';

/** How often `bin/app.ts` ran. The number is part of its module name, so that each import runs the file again. */
let runs = 0;

/** A stack and its CloudFormation template. */
export interface Synthesized<S extends Stack> {
  readonly stack: S;
  readonly template: Template;
}

/**
 * Returns the stacks of a stage with their templates. Runs `bin/app.ts` with the context from `cdk.json`, as the CDK
 * CLI does, but does not bundle the Lambda functions. Throws if the stage's settings are invalid, if cdk-nag has
 * findings, or if the folder `console` does not contain the built console. With `validates`, also checks the CDK's own
 * CloudFormation rules. This check takes most of the time. `settings` replace settings of the stage.
 *
 * @default of - the example stages, and not those of the operator in `config/stages.ts`
 */
export async function synthesize(
  stage: string,
  {
    validates = false,
    console,
    settings: changed = {},
    of = exampleStages,
  }: {
    validates?: boolean;
    console?: string;
    settings?: Partial<StageSettings>;
    of?: Readonly<Record<string, StageSettings>>;
  } = {},
) {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  const built = makeConsoleFolder();
  const settings = { stage, console: console ?? built.folder, 'aws:cdk:bundling-stacks': [] };
  const own = { ...stages };
  const chosen = of[stage];
  replaceStages({ ...of, ...(chosen && { [stage]: { ...chosen, ...changed } }) });
  vi.stubEnv('CDK_CONTEXT_JSON', JSON.stringify({ ...context, ...settings }));
  vi.stubEnv('CDK_VALIDATION', String(validates));
  try {
    const path = `${join(import.meta.dirname, '../../bin/app.ts')}?${(runs += 1)}`;
    const { app } = (await import(/* @vite-ignore */ path)) as { app: typeof composed };
    const { directory, stacks } = app.synth();
    const part = <S extends Stack>(name: string): Synthesized<S> => {
      const stack = Stack.of(app.node.findChild(`fido2-server-service-${stage}-${name}`)) as S;
      return { stack, template: Template.fromStack(stack) };
    };
    return {
      /** The folder into which the CDK wrote the CloudFormation templates, the assets and the reports. */
      directory,
      /** The stacks in the order in which `cdk deploy --all` deploys them. */
      inOrder: stacks.map(({ stackName, template }) => ({ stackName, template: template as StackTemplate })),
      data: part<DataStack>('data'),
      metering: part<MeteringStack>('metering'),
      api: part<ApiStack>('api'),
      console: part<ConsoleStack>('console'),
      operations: part<OperationsStack>('operations'),
    };
  } finally {
    replaceStages(own);
    vi.unstubAllEnvs();
    built.remove();
  }
}

export type SynthesizedService = Awaited<ReturnType<typeof synthesize>>;
