import { join } from 'node:path';
import { App, CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { readStage } from '../config/stage.ts';
import { stages } from '../config/stages.ts';
import { ApiStack } from '../lib/api-stack.ts';
import { ConsoleStack } from '../lib/console-stack.ts';
import { CopiesStack } from '../lib/copies-stack.ts';
import { DataStack } from '../lib/data-stack.ts';
import { MeteringStack } from '../lib/metering-stack.ts';
import { OperationsStack } from '../lib/operations-stack.ts';
import { checkedOutCommit } from './building/checked-out-commit.ts';

/**
 * The CDK app of one stage of the service. `-c stage=NAME` chooses the stage (by default, the first one of
 * `config/stages.ts`), and the current credentials choose the AWS account and region.
 */
export const app = new App();
const stage = readStage(stages, String(app.node.tryGetContext('stage') ?? Object.keys(stages)[0]));
const props = {
  stage,
  env: { account: process.env['CDK_DEFAULT_ACCOUNT'], region: process.env['CDK_DEFAULT_REGION'] },
  tags: { service: 'fido2-server-service', stage: stage.name },
};
const id = (part: string) => `${stage.serviceName}-${part}`;

const { table, closingRecords, stageSecret } = new DataStack(app, id('data'), props);
const metering = new MeteringStack(app, id('metering'), { ...props, table, closingRecords, stageSecret });
const { copies } = stage;
if (copies) {
  // No copy can be stored before its bucket exists.
  metering.addStackDependency(
    new CopiesStack(app, id('copies'), {
      ...props,
      env: { ...props.env, region: copies.region },
      settings: copies,
    }),
  );
}
const { discardingQueue, aggregator, mails, webhooks, hourlyFunctions, summarizer, deadLetterQueues } = metering;
const api = new ApiStack(app, id('api'), { ...props, table, discardingQueue, stageSecret });
// The deployment of the metering stack fails if the stage's time zone has changed. The CDK updates the API stack only
// after the metering stack, so that a failure leaves the API unchanged.
api.addStackDependency(metering);
new ConsoleStack(app, id('console'), {
  ...props,
  httpApi: api.httpApi,
  edgeSecrets: api.edgeSecrets,
  folder: String(app.node.tryGetContext('console') ?? join(import.meta.dirname, '../web/dist')),
});
new OperationsStack(app, id('operations'), {
  ...props,
  table,
  httpApi: api.httpApi,
  aggregator,
  mails,
  webhooks,
  hourlyFunctions,
  summarizer,
  deadLetterQueues,
});
// An output changes no resource. A tag would change every resource at each deployment.
const commit = checkedOutCommit(import.meta.dirname);
if (commit !== undefined) {
  for (const stack of app.node.children.filter((child) => Stack.isStack(child))) {
    new CfnOutput(stack, 'Commit', { value: commit, description: 'The commit from which the stack was deployed' });
  }
}

Validations.of(app).addPlugins(
  new AwsSolutionsChecks(app, { verbose: true }),
  new ServerlessChecks(app, { verbose: true }),
);
