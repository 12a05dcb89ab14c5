import { globSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes, type Route } from '../../functions/api/routes.ts';
import { deployedFunctions, type DeployedFunction } from './deployed-functions.ts';
import { PATIENCE, synthesize, type SynthesizedService } from './synthesize.ts';

const all: readonly Route[] = routes;
const routeKeyOf = ({ method, path }: Route) => (path === '$default' ? path : `${method} ${path}`);

describe('the API stack', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  const functionOf = ({ name }: Route) => {
    const found = functions.find((deployed) => deployed.name === name);
    if (!found) throw new Error(`No function is named ${name}`);
    return found;
  };
  const throttles = () => {
    const [stage] = Object.values(service.api.template.findResources('AWS::ApiGatewayV2::Stage'));
    return (stage as { Properties: { RouteSettings: Record<string, { ThrottlingRateLimit: number }> } }).Properties
      .RouteSettings;
  };
  beforeAll(async () => {
    service = await synthesize('development');
    functions = deployedFunctions(service.api, service.data.stack.table);
  }, PATIENCE);

  it('has the routes of routes.ts and no others', () => {
    const deployed = Object.values(service.api.template.findResources('AWS::ApiGatewayV2::Route'));

    expect(deployed.map(({ Properties }) => (Properties as { RouteKey: string }).RouteKey).sort()).toEqual(
      all.map(routeKeyOf).sort(),
    );
  });

  it.each(all)('sends $method $path to the function of its name, which only API Gateway may invoke', (route) => {
    const { logicalId } = functionOf(route);
    const { template } = service.api;
    const [deployed] = Object.values(
      template.findResources('AWS::ApiGatewayV2::Route', { Properties: { RouteKey: routeKeyOf(route) } }),
    );
    const target = JSON.stringify((deployed as { Properties: { Target: unknown } }).Properties.Target);
    const integrations = Object.entries(
      template.findResources('AWS::ApiGatewayV2::Integration', {
        Properties: { IntegrationUri: { 'Fn::GetAtt': [logicalId, 'Arn'] }, PayloadFormatVersion: '2.0' },
      }),
    );
    const permissions = Object.values(
      template.findResources('AWS::Lambda::Permission', {
        Properties: { FunctionName: { 'Fn::GetAtt': [logicalId, 'Arn'] } },
      }),
    );

    expect(integrations).toHaveLength(1);
    expect(target).toContain(JSON.stringify({ Ref: integrations[0]?.[0] }));
    expect(permissions).toMatchObject([{ Properties: { Principal: 'apigateway.amazonaws.com' } }]);
  });

  it.each(all)('allows $name the table actions of its route, and nothing else', (route) => {
    const { discardingQueue } = service.metering.stack;
    const queue = JSON.stringify(service.api.stack.resolve(discardingQueue.queue.queueArn));
    const rights = [
      'logs:CreateLogStream on log',
      'logs:PutLogEvents on log',
      ...route.table.map((action) =>
        action === 'QueryFinder' ? 'dynamodb:Query on finder' : `dynamodb:${action} on table`,
      ),
      ...(route.discards === true ? [`sqs:SendMessage on ${queue}`] : []),
    ];

    expect(functionOf(route).rights).toEqual(rights.sort());
  });

  it('gives the URL of the discarding queue only to the functions that use it', () => {
    const told = functions.filter(({ properties }) => 'DISCARDING_QUEUE_URL' in properties.Environment.Variables);

    expect(told.map(({ name }) => name)).toEqual(all.filter(({ discards }) => discards).map(({ name }) => name));
  });

  it('logs each request as JSON for 30 days, without path, query string or header', () => {
    const { template } = service.api;
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings } = (stage as { Properties: { AccessLogSettings: Record<string, unknown> } }).Properties;
    const destination = AccessLogSettings['DestinationArn'] as { 'Fn::Join': [string, unknown[]] };
    const [logGroup] = Object.entries(template.findResources('AWS::Logs::LogGroup')).filter(([logicalId]) =>
      JSON.stringify(destination).includes(logicalId),
    );
    const line = JSON.parse(AccessLogSettings['Format'] as string) as Record<string, string>;

    expect(logGroup?.[1]).toMatchObject({ Properties: { RetentionInDays: 30 } });
    expect(line).toMatchObject({ requestId: '$context.requestId', route: '$context.routeKey' });
    expect(Object.values(line).filter((field) => /path|query|header|authorizer|userAgent/i.test(field))).toEqual([]);
  });

  it('throttles anonymous writes, and routes that send e-mails to chosen addresses, each on its own', () => {
    const links = { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 20 };
    // One machine that floods the sign-in must not lock everybody out.
    const signingIn = { ThrottlingBurstLimit: 200, ThrottlingRateLimit: 200 };

    expect(throttles()).toEqual({
      'POST /v1/customers': links,
      'POST /v1/sign-in-links': links,
      'POST /v1/email-confirmations': links,
      'POST /v1/sessions': signingIn,
      'POST /v1/sessions/options': signingIn,
      'POST /v1/administrators': links,
      'POST /v1/administrators/{id}/activation-links': links,
      'PUT /v1/administrators/me/email': links,
    });
  });

  it('throttles every route that lets anonymous callers write', () => {
    const open = all.filter(({ caller, method }) => caller === 'anyone' && method === 'POST');
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter(({ throttle }) => throttle === undefined)).toEqual([]);
  });

  it('counts throttled requests in the access log', () => {
    const { template } = service.api;
    const [stage] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const { AccessLogSettings } = (stage as { Properties: { AccessLogSettings: Record<string, unknown> } }).Properties;
    const [filter, ...others] = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const { LogGroupName, ...properties } = filter?.['Properties'] as { LogGroupName: { Ref: string } };

    expect(others).toEqual([]);
    expect(JSON.stringify(AccessLogSettings['DestinationArn'])).toContain(LogGroupName.Ref);
    // The pattern needs quotes because the log quotes the value.
    expect(AccessLogSettings['Format']).toContain('"status":"$context.status"');
    expect(properties).toMatchObject({
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [
        { MetricNamespace: 'fido2-server-service-development', MetricName: 'ThrottledRequests', MetricValue: '1' },
      ],
    });
  });

  it('throttles the default stage and answers no other origin', () => {
    const { template } = service.api;

    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingBurstLimit: 500, ThrottlingRateLimit: 1000 },
    });
    expect(JSON.stringify(template.findResources('AWS::ApiGatewayV2::Api'))).not.toContain('Cors');
  });

  it('is deployed only after the check of the time zone', () => {
    expect(service.api.stack.dependencies.map(({ stackName }) => stackName)).toContain(
      service.metering.stack.stackName,
    );
  });
});

describe('routes.ts', () => {
  it('has one handler file for each route, and no other files exist', () => {
    const files = globSync('*/*.ts', { cwd: 'functions/api' });

    expect(files.sort()).toEqual(all.map(({ subject, name }) => `${subject}/${name}.ts`).sort());
  });
});
