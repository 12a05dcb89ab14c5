import { globSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { routeKeysOf, routes, type Route } from '../../functions/api/routes.ts';
import { apiFunctions, type ApiFunction } from '../../functions/lambda-functions.ts';
import { deployedFunctions, tableRightsOf, type DeployedFunction } from './deployed-functions.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

const all: readonly Route[] = routes;
const definitions = Object.entries(apiFunctions) as [Route['function'], ApiFunction][];
/** The settings of a single route: its throttle and its metrics. */
interface RouteSetting {
  readonly ThrottlingBurstLimit: number;
  readonly ThrottlingRateLimit: number;
  readonly DetailedMetricsEnabled: boolean;
}

describe('the API stack', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  const functionNamed = (name: string) => {
    const found = functions.find((deployed) => deployed.name === name);
    if (!found) throw new Error(`No function is named ${name}`);
    return found;
  };
  const settings = () => {
    const [stage] = Object.values(service.api.template.findResources('AWS::ApiGatewayV2::Stage'));
    return (stage as { Properties: { RouteSettings: Record<string, RouteSetting> } }).Properties.RouteSettings;
  };
  beforeAll(async () => {
    service = await synthesize('development');
    functions = deployedFunctions(service.api, service.data.stack.table);
  });

  it('has exactly the routes that routes.ts lists', () => {
    const deployed = Object.values(service.api.template.findResources('AWS::ApiGatewayV2::Route'));

    expect(deployed.map(({ Properties }) => (Properties as { RouteKey: string }).RouteKey).sort()).toEqual(
      all.flatMap(routeKeysOf).sort(),
    );
  });

  const keys = all.flatMap((route) => routeKeysOf(route).map((key) => ({ ...route, key })));
  it.each(keys)('sends $key to the function that routes.ts names', (route) => {
    const { logicalId } = functionNamed(route.function);
    const { template } = service.api;
    const [deployed] = Object.values(
      template.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: route.key } }),
    );
    const target = JSON.stringify((deployed as { Properties: { Target: unknown } }).Properties.Target);
    const integrations = Object.keys(
      template.findResources('AWS::ApiGatewayV2::Integration', {
        Properties: { IntegrationUri: { 'Fn::GetAtt': [logicalId, 'Arn'] }, PayloadFormatVersion: '2.0' },
      }),
    );

    expect(integrations).toHaveLength(1);
    expect(target).toContain(JSON.stringify({ Ref: integrations[0] }));
  });

  it.each(definitions)('lets only this API invoke the function %s, from any route', (name) => {
    const { template } = service.api;
    const permissions = Object.values(
      template.findResources('AWS::Lambda::Permission', {
        Properties: { FunctionName: { 'Fn::GetAtt': [functionNamed(name).logicalId, 'Arn'] } },
      }),
    );
    const [api] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));

    expect(permissions).toMatchObject([{ Properties: { Principal: 'apigateway.amazonaws.com' } }]);
    // In the ARN of the permission, the first `*` matches every stage and the second `*` matches every route. The ARN
    // of the route `$default` ends in `$default/$default` and has one slash fewer than the ARNs of the other routes.
    expect(JSON.stringify(permissions)).toMatch(
      new RegExp(`:execute-api:.*${JSON.stringify({ Ref: api })},"/\\*/\\*"`),
    );
  });

  it.each(definitions)(
    'gives the function %s exactly the rights that lambda-functions.ts lists',
    (name, definition) => {
      const { discardingQueue } = service.metering.stack;
      const secret = JSON.stringify(service.api.stack.resolve(service.data.stack.stageSecret.arn));
      const queue = JSON.stringify(service.api.stack.resolve(discardingQueue.queue.queueArn));
      const rights = [
        'logs:CreateLogStream on log',
        'logs:PutLogEvents on log',
        ...tableRightsOf(definition),
        ...(definition.discards === true ? [`sqs:SendMessage on ${queue}`] : []),
        ...(definition.sealsCeremonies === true || definition.sealsWebhooks === true
          ? [`secretsmanager:GetSecretValue on ${secret}`]
          : []),
      ];

      expect(functionNamed(name).rights).toEqual(rights.sort());
    },
  );

  it('sets a variable that only some functions use only for these functions', () => {
    const told = (variable: string) =>
      functions.filter(({ properties }) => variable in properties.Environment.Variables).map(({ name }) => name);
    const flagged = (flag: keyof ApiFunction) =>
      definitions.filter(([, definition]) => definition[flag] === true).map(([name]) => name);

    expect(told('VERIFY_DOMAINS')).toEqual(flagged('verifiesDomains'));
    expect(told('VERIFY_DOMAINS')).toEqual(expect.arrayContaining(['console', 'users']));
    expect(told('STAGE_SECRET')).toEqual(['webhooks', 'ceremonies', 'fss']);
    expect(told('SIGNALS_UNKNOWN_CREDENTIALS')).toEqual(flagged('sealsCeremonies'));
    expect(told('DISCARDING_QUEUE_URL')).toEqual(['console']);
    expect(told('UNSUBSCRIBE_GRACE_HOURS')).toEqual(['console']);
    expect(told('CONTACT')).toEqual(['console', 'anonymous']);
  });

  it('creates a random edge secret, and gives its functions only a reference to the secret', () => {
    const { template } = service.api;
    const [[logicalId, secret] = [], ...others] = Object.entries(template.findResources('AWS::SecretsManager::Secret'));

    expect(others).toEqual([]);
    expect(secret?.['Properties']).toMatchObject({
      GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true },
    });
    const reference = ['{{resolve:secretsmanager:', { Ref: logicalId }, ':SecretString:::}}'];
    for (const { name, properties } of functions) {
      expect(properties.Environment.Variables, name).toMatchObject({
        EDGE_SECRETS: { 'Fn::Join': ['', reference] },
        ONLY_THROUGH_CLOUDFRONT: 'none',
      });
    }
  });

  it('has one resource for each key of a route, and would stay within 240 resources with 60 more routes', () => {
    const resources = Object.values(service.api.template.toJSON()['Resources'] as Record<string, { Type: string }>);
    const routeResources = resources.filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');

    expect(routeResources).toHaveLength(keys.length);
    // Besides the routes, the stack has at most 7 resources of its own and 6 resources for each function.
    expect(resources.length - routeResources.length).toBeLessThanOrEqual(7 + 6 * definitions.length);
    expect(resources.length + 60).toBeLessThanOrEqual(240);
  });

  it('measures requests, errors and latency separately for each route', () => {
    service.api.template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { DetailedMetricsEnabled: true },
    });
    expect(Object.values(settings()).filter(({ DetailedMetricsEnabled }) => !DetailedMetricsEnabled)).toEqual([]);
  });

  it('logs each request as JSON without path, query string or headers, and keeps the log for 30 days', () => {
    const { template } = service.api;
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings } = (stage as { Properties: { AccessLogSettings: Record<string, unknown> } }).Properties;
    const destination = AccessLogSettings['DestinationArn'] as { 'Fn::Join': [string, unknown[]] };
    const [logGroup] = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([logicalId]) =>
      JSON.stringify(destination).includes(logicalId),
    );
    const line = JSON.parse(AccessLogSettings['Format'] as string) as Record<string, string>;

    // API Gateway needs no entry of its own in the resource policy of CloudWatch Logs for a group with this prefix.
    expect(logGroup?.[1]).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        LogGroupName: '/aws/vendedlogs/fido2-server-service-development/api-access',
        RetentionInDays: 30,
      },
    });
    expect(line).toMatchObject({ requestId: '$context.requestId', route: '$context.routeKey' });
    expect(Object.values(line).filter((field) => /path|query|header|authorizer|userAgent/i.test(field))).toEqual([]);
  });

  it('throttles unauthenticated POST routes and routes that e-mail a link more strictly than other routes', () => {
    const links = { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 20, DetailedMetricsEnabled: true };
    // One machine that sends a flood of sign-in requests must not keep other people from signing in.
    const signingIn = { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 200, DetailedMetricsEnabled: true };

    expect(settings()).toEqual({
      'POST /v1/customers': links,
      'POST /v1/sign-in-links': links,
      'POST /v1/email-confirmations': links,
      'POST /v1/sessions': signingIn,
      'POST /v1/sessions/options': signingIn,
      'POST /v1/operator/sessions': signingIn,
      'POST /v1/operator/sessions/options': signingIn,
      'POST /v1/operator/passkeys': signingIn,
      'POST /v1/operator/passkeys/options': signingIn,
      'POST /v1/administrators': links,
      'POST /v1/administrators/{id}/activation-links': links,
      'PUT /v1/administrators/me/email': links,
    });
  });

  it('has a throttle for every unauthenticated POST route', () => {
    const open = all.filter(({ caller, method }) => caller === 'anyone' && method === 'POST');
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter(({ throttle }) => throttle === undefined)).toEqual([]);
  });

  it('has a metric that counts the throttled requests in the access log', () => {
    const { template } = service.api;
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings } = (stage as { Properties: { AccessLogSettings: Record<string, unknown> } }).Properties;
    const [filter, ...others] = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const { LogGroupName, ...properties } = filter?.['Properties'] as { LogGroupName: { Ref: string } };

    expect(others).toEqual([]);
    expect(JSON.stringify(AccessLogSettings['DestinationArn'])).toContain(LogGroupName.Ref);
    // The pattern has quotes around 429 because the access log has quotes around the status.
    expect(AccessLogSettings['Format']).toContain('"status":"$context.status"');
    expect(properties).toMatchObject({
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [
        { MetricNamespace: 'fido2-server-service-development', MetricName: 'ThrottledRequests', MetricValue: '1' },
      ],
    });
  });

  it('has a default throttle for all routes and does not allow CORS', () => {
    const { template } = service.api;

    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingBurstLimit: 500, ThrottlingRateLimit: 1000 },
    });
    expect(JSON.stringify(template.findResources('AWS::ApiGatewayV2::Api'))).not.toContain('Cors');
  });

  it('is deployed only after the metering stack, which checks the time zone of the stage', () => {
    expect(service.api.stack.dependencies.map(({ stackName }) => stackName)).toContain(
      service.metering.stack.stackName,
    );
  });
});

describe('routes.ts', () => {
  it('has exactly one route for each handler file', () => {
    const files = globSync('*/*.ts', { cwd: 'functions/api', exclude: ['functions'] });

    expect(files.sort()).toEqual(all.map(({ subject, name }) => `${subject}/${name}.ts`).sort());
  });
});
