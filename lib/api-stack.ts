import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { routes, type ApiFunctionName } from '../functions/api/routes.ts';
import { apiFunctions, type ApiFunction } from '../functions/lambda-functions.ts';
import type { DiscardingQueue } from './constructs/discarding-queue.ts';
import { EdgeSecrets } from './constructs/edge-secrets.ts';
import { HttpApi } from './constructs/http-api.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { ServiceLogs } from './constructs/service-logs.ts';
import type { SingleTable } from './constructs/single-table.ts';
import type { StageSecret } from './constructs/stage-secret.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly discardingQueue: DiscardingQueue;
  readonly stageSecret: StageSecret;
}

/** The HTTP API with the routes of `functions/api/routes.ts`, and the functions that serve these routes. */
export class ApiStack extends Stack {
  readonly httpApi: HttpApi;
  readonly edgeSecrets: EdgeSecrets;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { stage, table, discardingQueue, stageSecret } = props;
    this.httpApi = new HttpApi(this, 'HttpApi', { name: stage.serviceName });
    this.edgeSecrets = new EdgeSecrets(this, 'EdgeSecrets', { numbers: stage.edgeSecrets });
    // All functions of the API share one log group, so that the operator can search one place for a request. Each log
    // line names the route.
    const logGroup = new ServiceLogs(this, 'Logs');
    for (const [name, definition] of Object.entries(apiFunctions) as [ApiFunctionName, ApiFunction][]) {
      const { discards, saysContact, unsubscribes, verifiesDomains, sealsCeremonies, sealsWebhooks } = definition;
      const readsStageSecret = sealsCeremonies === true || sealsWebhooks === true;
      const { function: handler } = new ServiceFunction(this, name, {
        name,
        stage,
        table,
        logGroup,
        environment: {
          // CloudFormation resolves the references to the secrets. Everybody who may read the function's configuration
          // can read the secrets.
          EDGE_SECRETS: this.edgeSecrets.accepted.map((secret) => secret.unsafeUnwrap()).join(),
          ONLY_THROUGH_CLOUDFRONT: stage.onlyThroughCloudFront,
          ...(saysContact === true && { CONTACT: stage.contact }),
          ...(unsubscribes === true && { UNSUBSCRIBE_GRACE_HOURS: String(stage.unsubscribeGraceHours) }),
          ...(verifiesDomains === true && { VERIFY_DOMAINS: String(stage.verifyDomains) }),
          ...(readsStageSecret && { STAGE_SECRET: stageSecret.arn }),
          ...(sealsCeremonies === true && {
            SIGNALS_UNKNOWN_CREDENTIALS: String(stage.signalsUnknownCredentials),
          }),
          ...(discards === true && { DISCARDING_QUEUE_URL: discardingQueue.queue.queueUrl }),
        },
      });
      if (discards === true) discardingQueue.allowSending(handler);
      if (readsStageSecret) stageSecret.allowReading(handler);
      this.httpApi.serve(
        routes.filter((route) => route.function === name),
        handler,
      );
    }
    new CfnOutput(this, 'ApiUrl', {
      value: this.httpApi.url,
      description:
        stage.onlyThroughCloudFront === 'all'
          ? "The URL of the API, which serves no requests. The servers of RPs use the console's URL"
          : "The URL of the API for the servers of RPs. The console's URL serves the same API through CloudFront",
    });
  }
}
