import { globSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { consoleCaching, consoleHeaders } from '../../config/console-files.ts';
import { EDGE_SECRET, VIEWER_ADDRESS } from '../../functions/http/edge.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

type Properties = Readonly<Record<string, unknown>>;
interface Behavior {
  readonly TargetOriginId: string;
  readonly PathPattern?: string;
  readonly [property: string]: unknown;
}
interface DistributionConfig {
  readonly Origins: readonly ({ readonly Id: string } & Properties)[];
  readonly DefaultCacheBehavior: Behavior;
  readonly CacheBehaviors: readonly Behavior[];
  readonly [property: string]: unknown;
}

/** The IDs of the CloudFront policies that AWS manages. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER_EXCEPT_HOST_HEADER = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

describe('the console stack', () => {
  let service: SynthesizedService;
  let distribution: DistributionConfig;
  const onlyOne = (type: string): [logicalId: string, properties: Properties] => {
    const found = Object.entries(service.console.template.findResources(type));
    expect(found.map(([logicalId]) => logicalId)).toHaveLength(1);
    const [[logicalId, resource] = ['', {}]] = found;
    return [logicalId, (resource as { Properties: Properties }).Properties];
  };
  const originOf = ({ TargetOriginId }: Behavior) => distribution.Origins.find(({ Id }) => Id === TargetOriginId);
  /**
   * Runs the CloudFront function that handles the requests of a behavior. Returns the request as the origin gets it.
   */
  const runFunctionOf = (behavior: Behavior, event: object): unknown => {
    const functions = service.console.template.findResources('AWS::CloudFront::Function');
    const [association, ...others] = behavior['FunctionAssociations'] as [Properties, ...Properties[]];
    expect(others).toEqual([]);
    expect(association).toMatchObject({ EventType: 'viewer-request' });
    const {
      'Fn::GetAtt': [logicalId],
    } = association['FunctionARN'] as { 'Fn::GetAtt': [string, string] };
    const { FunctionCode, FunctionConfig } = functions[logicalId]?.['Properties'] as Properties;
    expect(FunctionConfig).toMatchObject({ Runtime: 'cloudfront-js-2.0' });
    return runInNewContext(`${String(FunctionCode)}; handler(event)`, { event });
  };
  const files = () => distribution.DefaultCacheBehavior;
  /** The paths of the API. CloudFront uses the first path that matches, so the constant responses come first. */
  const apiPaths = ['/v1/*', '/api/*'];
  const constant = () => distribution.CacheBehaviors.slice(0, -apiPaths.length);
  const api = (path = '/v1/*') => {
    const behavior = distribution.CacheBehaviors.find(({ PathPattern }) => PathPattern === path);
    if (!behavior) throw new Error(`The path ${path} has no behavior of its own.`);
    return behavior;
  };
  beforeAll(async () => {
    service = await synthesize('production');
    distribution = onlyOne('AWS::CloudFront::Distribution')[1]['DistributionConfig'] as DistributionConfig;
  });

  describe('has a bucket that', () => {
    it('is encrypted and not public', () => {
      const [, bucket] = onlyOne('AWS::S3::Bucket');

      expect(bucket).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(bucket).not.toHaveProperty('WebsiteConfiguration');
    });

    it('lets only this distribution read files, lets only the function that empties the bucket delete files, and requires TLS', () => {
      const [bucket] = onlyOne('AWS::S3::Bucket');
      const [distributionId] = onlyOne('AWS::CloudFront::Distribution');
      const [accessControl, { OriginAccessControlConfig }] = onlyOne('AWS::CloudFront::OriginAccessControl');
      const [, policy] = onlyOne('AWS::S3::BucketPolicy');
      const everything = [
        { 'Fn::GetAtt': [bucket, 'Arn'] },
        { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] },
      ];

      expect(policy).toMatchObject({
        Bucket: { Ref: bucket },
        PolicyDocument: {
          Statement: [
            {
              Effect: 'Deny',
              Action: 's3:*',
              Principal: { AWS: '*' },
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
              Resource: everything,
            },
            {
              Effect: 'Allow',
              Principal: { AWS: expect.anything() as object },
              Action: expect.arrayContaining(['s3:DeleteObject*']) as [],
            },
            {
              Effect: 'Allow',
              Action: ['s3:GetObject', 's3:ListBucket'],
              Principal: { Service: 'cloudfront.amazonaws.com' },
              Condition: {
                StringEquals: {
                  'AWS:SourceArn': { 'Fn::Join': ['', expect.arrayContaining([{ Ref: distributionId }])] },
                },
              },
              Resource: everything,
            },
          ],
        },
      });
      expect(originOf(files())).toMatchObject({
        DomainName: { 'Fn::GetAtt': [bucket, 'RegionalDomainName'] },
        OriginAccessControlId: { 'Fn::GetAtt': [accessControl, 'Id'] },
      });
      expect(OriginAccessControlConfig).toMatchObject({ SigningBehavior: 'always', SigningProtocol: 'sigv4' });
    });

    it('is deleted with all its files when the stack is deleted', () => {
      service.console.template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Delete' });
      service.console.template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
    });

    it('gets its files from a function that may write but not delete files', () => {
      const [bucket] = onlyOne('AWS::S3::Bucket');
      const [, policy] = onlyOne('AWS::IAM::Policy');
      const { Statement } = policy['PolicyDocument'] as { Statement: Properties[] };
      const onBucket = Statement.filter(({ Resource }) => JSON.stringify(Resource).includes(bucket));

      expect(Statement.flatMap(({ Action }) => Action).sort()).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
        's3:GetObject',
        's3:ListBucket',
        's3:PutObject',
      ]);
      expect(onBucket.flatMap(({ Action }) => Action).sort()).toEqual(['s3:ListBucket', 's3:PutObject']);
    });
  });

  describe('serves files', () => {
    it('with exactly the headers in consoleHeaders', () => {
      const [headersId, { ResponseHeadersPolicyConfig }] = onlyOne('AWS::CloudFront::ResponseHeadersPolicy');

      expect(files()['ResponseHeadersPolicyId']).toEqual({ Ref: headersId });
      expect(headersIn(ResponseHeadersPolicyConfig as ResponseHeaders)).toEqual(consoleHeaders);
    });

    it('under assets/ with a cache lifetime of a year, and other files with revalidation', () => {
      const [bucket] = onlyOne('AWS::S3::Bucket');
      const deployments = Object.values(service.console.template.findResources('Custom::CDKBucketDeployment')).map(
        ({ Properties }) => Properties as Properties,
      );

      expect(deployments).toMatchObject([
        { Include: ['assets/*'], Exclude: ['*'], SystemMetadata: { 'cache-control': consoleCaching.assets } },
        { Exclude: ['assets/*'], SystemMetadata: { 'cache-control': consoleCaching.others } },
      ]);
      for (const deployment of deployments) {
        // A deployment does not delete assets of older builds, because open pages may still load these assets.
        expect(deployment).toMatchObject({ Prune: false, DestinationBucketName: { Ref: bucket } });
      }
      expect(files()).toMatchObject({ CachePolicyId: CACHING_OPTIMIZED, Compress: true });
    });

    it('from a bucket that receives the assets before the pages that refer to these assets', () => {
      const deployments = service.console.template.findResources('Custom::CDKBucketDeployment');
      const [assets, others] = Object.entries(deployments);

      expect((others?.[1] as { DependsOn: string[] }).DependsOn).toContain(assets?.[0]);
    });

    it('only for GET and HEAD requests, and only over TLS', () => {
      expect(files()).toMatchObject({ AllowedMethods: ['GET', 'HEAD'], ViewerProtocolPolicy: 'redirect-to-https' });
    });

    it.each([
      ['/', '/index.html'],
      ['/rps', '/index.html'],
      ['/rps/rp_0a1b', '/index.html'],
      ['/sign-in', '/index.html'],
      ['/rps/', '/index.html'],
      ['/v1.0/rps', '/index.html'],
      ['/index.html', '/index.html'],
      ['/assets/index-0a1b2c3d.js', '/assets/index-0a1b2c3d.js'],
      ['/icon.svg', '/icon.svg'],
      ['/reference', '/reference.html'],
      ['/problems', '/problems.html'],
      ['/problems/ceremony-used', '/problems/ceremony-used.html'],
      ['/problems/a/b', '/index.html'],
      ['/missing.png', '/missing.png'],
    ])('by mapping the path %s to the file %s', (asked, served) => {
      const { uri } = runFunctionOf(files(), { request: { uri: asked } }) as { uri: string };

      expect(uri).toBe(served);
    });

    it("but not the build's manifest", () => {
      const [build = ''] = globSync(join(service.directory, 'asset.*/index.html'));

      expect(readdirSync(join(build, '..')).sort()).toEqual(['assets', 'icon.svg', 'index.html']);
    });
  });

  describe('serves the API under /v1/ and /api/', () => {
    it('by sending requests directly to API Gateway over TLS 1.2', () => {
      const { httpApi } = service.api.stack;
      const [apiId] = Object.keys(service.api.template.findResources('AWS::ApiGatewayV2::Api'));
      const origin = originOf(api());

      expect(distribution.CacheBehaviors.slice(-2).map(({ PathPattern }) => PathPattern)).toEqual(apiPaths);
      expect(api('/api/*')).toEqual({ ...api(), PathPattern: '/api/*' });
      expect(origin).toMatchObject({
        CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      });
      expect(JSON.stringify(origin?.['DomainName'])).toContain(apiId);
      expect(origin?.['DomainName']).toEqual(Stack.of(service.console.stack).resolve(httpApi.domainName));
    });

    it('for every method, and forwards cookies, headers and the query string without caching', () => {
      expect(api()).toMatchObject({
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        CachePolicyId: CACHING_DISABLED,
        OriginRequestPolicyId: ALL_VIEWER_EXCEPT_HOST_HEADER,
        ViewerProtocolPolicy: 'https-only',
        // If CloudFront compressed the responses, their ETags would become weak.
        Compress: false,
      });
      expect(api()).not.toHaveProperty('ResponseHeadersPolicyId');
    });

    it('by sending the edge secret as a reference that CloudFormation resolves', () => {
      const secrets = service.api.template.findResources('AWS::SecretsManager::Secret');
      const [{ HeaderName, HeaderValue }] = originOf(api())?.['OriginCustomHeaders'] as [Properties];

      expect(HeaderName).toBe(EDGE_SECRET);
      expect(JSON.stringify(HeaderValue)).toMatch(
        new RegExp(`{{resolve:secretsmanager:.*${String(Object.keys(secrets)[0])}.*:SecretString:::}}`),
      );
    });

    it.each(['203.0.113.7', '2001:db8::7'])(
      'by replacing the header with the viewer’s address by the viewer’s real address %s',
      (ip) => {
        const cookie = { value: 'a=b' };
        const request = { headers: { cookie, [VIEWER_ADDRESS]: { value: '192.0.2.1' } } };

        expect(runFunctionOf(api(), { request, viewer: { ip } })).toEqual({
          headers: { cookie, [VIEWER_ADDRESS]: { value: ip } },
        });
      },
    );

    it('and caches exactly the responses that are the same for every caller, for as long as the API allows, without cookies', () => {
      const [policyId, { CachePolicyConfig }] = onlyOne('AWS::CloudFront::CachePolicy');

      expect(constant().map(({ PathPattern }) => PathPattern)).toEqual([
        '/v1/rps/*/jwks.json',
        '/v1/plans',
        '/v1/openapi.json',
      ]);
      for (const behavior of constant()) {
        expect(behavior).toMatchObject({
          AllowedMethods: api()['AllowedMethods'],
          TargetOriginId: api().TargetOriginId,
          ViewerProtocolPolicy: 'https-only',
          CachePolicyId: { Ref: policyId },
          Compress: true,
        });
        expect(behavior).not.toHaveProperty('OriginRequestPolicyId');
      }
      expect(CachePolicyConfig).toMatchObject({
        MinTTL: 0,
        DefaultTTL: 0,
        ParametersInCacheKeyAndForwardedToOrigin: {
          CookiesConfig: { CookieBehavior: 'none' },
          HeadersConfig: { HeaderBehavior: 'none' },
          QueryStringsConfig: { QueryStringBehavior: 'all' },
        },
      });
    });

    it('without caching error responses, so that no client gets an error meant for another client', () => {
      const kept = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

      expect(distribution['CustomErrorResponses']).toEqual(
        kept.map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
      );
    });
  });

  it('serves the console at the stage’s host name with the stage’s certificate, and outputs the DNS record', () => {
    const [distributionId] = onlyOne('AWS::CloudFront::Distribution');

    expect(distribution).toMatchObject({
      Aliases: ['console.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: expect.stringMatching(/^arn:aws:acm:us-east-1:/) as string,
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
    });
    service.console.template.hasOutput('ConsoleUrl', { Value: 'https://console.example.com' });
    service.console.template.hasOutput('ConsoleDnsRecord', {
      Value: { 'Fn::Join': ['', ['console.example.com CNAME ', { 'Fn::GetAtt': [distributionId, 'DomainName'] }]] },
    });
  });

  it('uses the CloudFront domain if the stage has no certificate, and says to set the stage’s origin to this domain', async () => {
    const { console } = await synthesize('development');
    const [deployed] = Object.values(console.template.findResources('AWS::CloudFront::Distribution'));

    expect(deployed).not.toHaveProperty('Properties.DistributionConfig.Aliases');
    expect(deployed).not.toHaveProperty('Properties.DistributionConfig.ViewerCertificate');
    console.template.hasOutput('ConsoleUrl', {
      Value: { 'Fn::Join': ['', ['https://', Match.anyValue()]] },
      Description: Match.stringLikeRegexp(
        '"origin" of the stage. The current origin is https://console.development.example.com$',
      ),
    });
  });

  it('cannot be synthesized without a built console, and the error says how to build the console', async () => {
    await expect(synthesize('development', { console: '/nowhere' })).rejects.toThrow(
      'There is no console in /nowhere. Build it first: npm run build',
    );
  });
});

interface ResponseHeaders {
  readonly SecurityHeadersConfig: Readonly<Record<string, Properties & { readonly Override: boolean }>>;
  readonly CustomHeadersConfig: {
    readonly Items: readonly { readonly Header: string; readonly Value: string; readonly Override: boolean }[];
  };
}

/** Returns the response headers that a CloudFront policy sets. */
function headersIn({ SecurityHeadersConfig: security, CustomHeadersConfig: { Items } }: ResponseHeaders) {
  const names: Readonly<Record<string, readonly [name: string, valueOf: (setting: Properties) => unknown]>> = {
    ContentSecurityPolicy: ['content-security-policy', ({ ContentSecurityPolicy }) => ContentSecurityPolicy],
    ContentTypeOptions: ['x-content-type-options', () => 'nosniff'],
    FrameOptions: ['x-frame-options', ({ FrameOption }) => FrameOption],
    ReferrerPolicy: ['referrer-policy', ({ ReferrerPolicy }) => ReferrerPolicy],
    StrictTransportSecurity: [
      'strict-transport-security',
      ({ AccessControlMaxAgeSec, IncludeSubdomains, Preload }) =>
        [
          `max-age=${String(AccessControlMaxAgeSec)}`,
          ...(IncludeSubdomains === true ? ['includeSubDomains'] : []),
          ...(Preload === true ? ['preload'] : []),
        ].join('; '),
    ],
  };
  const settings = Object.entries(security).map(([setting, value]) => {
    const [name = setting, valueOf] = names[setting] ?? [];
    return [name, valueOf?.(value)];
  });
  const custom = Items.map(({ Header, Value }) => [Header, Value]);
  // The headers of the policy must override the headers that the bucket returns.
  expect([...Object.values(security), ...Items].every(({ Override }) => Override)).toBe(true);
  return Object.fromEntries([...settings, ...custom]) as Record<string, unknown>;
}

describe('the content security policy', () => {
  const policy = new Map(
    consoleHeaders['content-security-policy'].split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources];
    }),
  );

  it('allows scripts only from files of the console, and no inline scripts', () => {
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.has('script-src-elem') || policy.has('script-src-attr')).toBe(false);
  });

  it('allows no other origin to supply resources, receive forms or frame the console', () => {
    const sources = new Set([...policy.values()].flat());

    expect([...sources].sort()).toEqual(["'none'", "'self'", "'unsafe-inline'"]);
    expect([...policy].filter(([, allowed]) => allowed.includes("'unsafe-inline'")).map(([name]) => name)).toEqual([
      'style-src',
    ]);
    for (const directive of ['base-uri', 'form-action', 'frame-ancestors', 'style-src-attr']) {
      expect(policy.get(directive), directive).toEqual(["'none'"]);
    }
  });
});
