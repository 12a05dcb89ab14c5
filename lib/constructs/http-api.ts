import { Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Stats, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { routeKeyOf, type Route, type Throttle } from '../../functions/api/routes.ts';
import { ServiceLogs } from './service-logs.ts';

export interface HttpApiProps {
  /** Its name in the console, which other stages do not have. */
  readonly name: string;
}

/** The HTTP API. Without CORS: the console comes from the same origin, and RPs' servers need none. */
export class HttpApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly url: string;
  /** The host of `url`. */
  readonly domainName: string;
  /** How many requests the gateway refused because of a throttle. It has no metric for that, and no function sees them. */
  readonly throttledRequests: Metric;
  private readonly stage: apigateway.HttpStage;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new apigateway.HttpApi(this, 'Api', { apiName: props.name, createDefaultStage: false });
    const accessLogs = new ServiceLogs(this, 'AccessLogs');
    this.throttledRequests = new MetricFilter(this, 'Throttled', {
      logGroup: accessLogs,
      // In quotes, as the access log has it. No function answers 429.
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      // By itself in a namespace of this stage: a dimension would have to stand in each line.
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
      // An account may run 1,000 functions at once unless AWS raised it. A burst may start half of them, so that some are
      // left for the aggregator and the e-mails. 1,000 requests a second report up to 100,000 operations.
      throttle: { burstLimit: 500, rateLimit: 1_000 },
      // Requests, errors and latency of each route: a function's own metrics are of all its routes together.
      detailedMetricsEnabled: true,
    });
    this.url = this.stage.url;
    const { region, urlSuffix } = Stack.of(this);
    this.domainName = `${this.api.apiId}.execute-api.${region}.${urlSuffix}`;
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-APIG4',
      reason:
        "Each function authenticates its caller (session or API key) before anything else, as routes.ts says; a test calls every route without, with another's and with the wrong credential.",
    });
  }

  /** Lets a function answer routes. They share one integration and one permission, so that a route is one resource. */
  serve(routes: readonly Route[], handler: IFunction): void {
    const integration = new SharedIntegration(`${handler.node.scope?.node.id ?? ''}-integration`, handler);
    handler.addPermission('ApiInvokes', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      // "*" also stands for slashes. The CDK's own pattern has one more, and so leaves out `$default`, which has no path.
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/*',
      }),
    });
    for (const route of routes) {
      const { name, method, path, throttle } = route;
      const deployed = new apigateway.HttpRoute(this, name, {
        httpApi: this.api,
        routeKey:
          path === '$default'
            ? apigateway.HttpRouteKey.DEFAULT
            : apigateway.HttpRouteKey.with(path, apigateway.HttpMethod[method]),
        integration,
      });
      if (throttle !== undefined) this.throttle(routeKeyOf(route), deployed, throttles[throttle]);
    }
  }

  /** Gives a route a throttle of its own. The gateway knows the route before its setting. */
  private throttle(routeKey: string, route: apigateway.HttpRoute, setting: RouteThrottle): void {
    const stage = this.stage.node.defaultChild as apigateway.CfnStage;
    const others = stage.routeSettings as object | undefined;
    // The settings of a route take the place of all defaults, not only of those that they name.
    stage.routeSettings = { ...others, [routeKey]: { ...setting, DetailedMetricsEnabled: true } };
    this.stage.node.addDependency(route);
  }
}

/** An integration of many routes with one function, whose permission is not made again for each route. */
class SharedIntegration extends HttpLambdaIntegration {
  protected override completeBind(): void {
    // The function's one permission is for all routes.
  }
}

interface RouteThrottle {
  readonly ThrottlingBurstLimit: number;
  readonly ThrottlingRateLimit: number;
}
const throttles: Readonly<Record<Throttle, RouteThrottle>> = {
  'causes-mails': { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 20 },
  // One machine that floods signing in must not keep everybody from it; the functions' share leaves room for all else.
  'signs-in': { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 200 },
};

/**
 * What is logged of each request. The route and not the path, which names users; no query string, no header: nothing of it
 * is a secret. The address is there to find who overloads the service.
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
