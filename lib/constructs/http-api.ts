import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Stats, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { apiThrottle } from '../../config/api-throttle.ts';
import { routeKeysOf, type Route, type Throttle } from '../../functions/api/routes.ts';
import { ServiceLogs } from './service-logs.ts';

export interface HttpApiProps {
  /** The name of the API in the AWS console, different for each stage. */
  readonly name: string;
}

/**
 * The HTTP API. The API has no CORS settings, because the console has the same origin as the API, and servers of RPs do
 * not need CORS.
 */
export class HttpApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly url: string;
  /** The host of `url`. */
  readonly domainName: string;
  /**
   * The number of requests that API Gateway throttled, and of requests that a function answered with 429. Only the
   * access log contains the requests that API Gateway throttled: API Gateway has no metric for them, and they reach no
   * function.
   */
  readonly throttledRequests: Metric;
  private readonly stage: apigateway.HttpStage;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, 'Api', { apiName: props.name, createDefaultStage: false });
    // API Gateway adds each log group of access logs to a resource policy of CloudWatch Logs, which may have only 5,120
    // characters for the whole account and region. For names with this prefix, API Gateway needs one entry for all log
    // groups together ("Enabling logging from AWS services" in the Amazon CloudWatch Logs User Guide).
    const accessLogs = new ServiceLogs(this, 'AccessLogs', `/aws/vendedlogs/${props.name}/api-access`);
    this.throttledRequests = new MetricFilter(this, 'Throttled', {
      logGroup: accessLogs,
      // The access log contains the status as a string, in quotes. A function also returns the status 429, to a caller
      // that exceeds a limit of its own. The runbook says how to tell them apart.
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      // Each stage has its own metric namespace. A metric dimension cannot distinguish the stages, because a metric
      // filter takes the values of dimensions from log fields, and no field contains the name of the stage.
      metricNamespace: props.name,
      metricName: 'ThrottledRequests',
    }).metric({ statistic: Stats.SUM });
    this.stage = new apigateway.HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(accessLogLine)),
      },
      // By default, the Lambda concurrency of an account is limited to 1,000. A burst of requests may use half of this
      // concurrency, so that the other half is left for the functions that count users and send e-mails. A request of
      // an RP can report up to 100 operations of users, so RPs can report 100,000 operations per second in 1,000
      // requests. The concurrency of a new account may be limited to 10; `npm run preflight` tells the operator.
      throttle: apiThrottle,
      // Adds metrics of requests, errors and latency for each route, because the metrics of a function combine all
      // routes that the function serves.
      detailedMetricsEnabled: true,
    });
    this.url = this.stage.url;
    const { region, urlSuffix } = Stack.of(this);
    this.domainName = `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        'Each function first authenticates the caller (by a session or an API key), as routes.ts requires. A test calls every route without a credential, with the credential of another customer and with a credential of the wrong kind.',
    });
  }

  /**
   * Connects routes to the Lambda function that serves these routes. The routes share one integration and one
   * permission, so that each key of a route adds only one resource to the stack.
   */
  serve(routes: readonly Route[], handler: IFunction): void {
    const integration = new SharedIntegration(`${handler.node.scope?.node.id ?? ''}-integration`, handler);
    handler.addPermission('ApiInvokes', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      // "*" also matches slashes. The CDK's own pattern has a third part, "/*", for the path. A pattern with three
      // parts does not match the route `$default`, because this route has no path.
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/*',
      }),
    });
    for (const route of routes) {
      for (const key of routeKeysOf(route)) {
        const [method, path = ''] = key.split(' ') as [keyof typeof apigateway.HttpMethod, string?];
        const id = method === 'HEAD' ? `${route.name}-head` : route.name;
        const deployed = new apigateway.HttpRoute(this, id, {
          httpApi: this.api,
          routeKey:
            route.path === '$default'
              ? apigateway.HttpRouteKey.DEFAULT
              : apigateway.HttpRouteKey.with(path, apigateway.HttpMethod[method]),
          integration,
        });
        if (route.throttle !== undefined) this.throttle(key, deployed, throttles[route.throttle]);
      }
    }
  }

  /**
   * Sets the throttling limits of one route. The stage is deployed after the route, because the gateway refuses
   * settings of a route that does not exist yet.
   */
  private throttle(routeKey: string, route: apigateway.HttpRoute, setting: RouteThrottle): void {
    const stage = this.stage.node.defaultChild as apigateway.CfnStage;
    const others = stage.routeSettings as object | undefined;
    // If a route has settings of its own, API Gateway applies none of the stage's default settings to the route. So
    // detailed metrics are enabled here again.
    stage.routeSettings = { ...others, [routeKey]: { ...setting, DetailedMetricsEnabled: true } };
    this.stage.node.addDependency(route);
  }
}

/** Connects many routes to one Lambda function, without a separate permission for each route. */
class SharedIntegration extends HttpLambdaIntegration {
  protected override completeBind(): void {
    // Adds nothing, because `serve` has added one permission for all routes.
  }
}

interface RouteThrottle {
  readonly ThrottlingBurstLimit: number;
  readonly ThrottlingRateLimit: number;
}
const throttles: Readonly<Record<Throttle, RouteThrottle>> = {
  'causes-mails': { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 20 },
  // The limit is high, so that one machine that floods sign-in cannot prevent everybody else from signing in. Even when
  // sign-in reaches this limit, enough Lambda concurrency is left for the other routes.
  'signs-in': { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 200 },
};

/**
 * The line that the access log contains for each request. The line contains the route and not the path, because paths
 * contain user IDs. The line contains no query string and no header, because query strings and headers may contain
 * secrets. The IP address shows who overloads the service.
 */
const accessLogLine = {
  requestId: '$context.requestId',
  time: '$context.requestTimeEpoch',
  ip: '$context.identity.sourceIp',
  route: '$context.routeKey',
  status: '$context.status',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationLatency: '$context.integrationLatency',
  integrationError: '$context.integrationErrorMessage',
};
