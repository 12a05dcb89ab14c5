import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { routes, type Route } from '../functions/api/routes.ts';
import type { DiscardingQueue } from './constructs/discarding-queue.ts';
import { HttpApi } from './constructs/http-api.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import type { SingleTable } from './constructs/single-table.ts';

export interface ApiStackProps extends StackProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly discardingQueue: DiscardingQueue;
}

/** The HTTP API: a function for each route of `functions/api/routes.ts`, with the rights that the route names. */
export class ApiStack extends Stack {
  readonly httpApi: HttpApi;

  constructor(scope: Construct, id: string, props: ApiStackProps) {
    super(scope, id, props);
    const { stage, table, discardingQueue } = props;
    this.httpApi = new HttpApi(this, 'HttpApi', { name: stage.serviceName });
    for (const route of routes as readonly Route[]) {
      const { function: handler } = new ServiceFunction(this, route.name, {
        handler: `api/${route.subject}/${route.name}`,
        stage,
        table,
        tableActions: route.table,
        environment: {
          ...(route.saysContact === true && { CONTACT: stage.contact }),
          ...(route.discards === true && { DISCARDING_QUEUE_URL: discardingQueue.queue.queueUrl }),
        },
      });
      if (route.discards === true) discardingQueue.allowSending(handler);
      this.httpApi.add(route, handler);
    }
    new CfnOutput(this, 'ApiUrl', {
      value: this.httpApi.url,
      description: "For RPs' servers: the same API as at the console's URL, without CloudFront before it",
    });
  }
}
