import { Duration, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { consoleHeaders, consolePage, pagePath, transportSecuritySeconds } from '../../config/console-files.ts';
import type { HttpApi } from './http-api.ts';

export interface ConsoleDistributionProps {
  /** What it is said to be in the list of distributions. */
  readonly comment: string;
  /** The console's files. */
  readonly bucket: IBucket;
  readonly httpApi: HttpApi;
  /** @default - it answers at its own name of CloudFront only */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** The errors of an origin that CloudFront keeps. */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** The console and, under `/v1/`, the API: one origin to browsers. */
export class ConsoleDistribution extends Construct {
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: ConsoleDistributionProps) {
    super(scope, id);
    const { comment, bucket, httpApi, domain } = props;
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment,
      defaultBehavior: this.filesOf(bucket),
      // Nobody reaches the bucket's own page, which lists it: the function rewrites "/" too. It is said twice.
      defaultRootObject: consolePage.slice(1),
      additionalBehaviors: { '/v1/*': apiOf(httpApi) },
      // CloudFront keeps errors for 10 seconds, of a behavior without caching and against "no-store" too: whoever asked
      // for the same path next would get an answer that was another's, "forbidden" say.
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      // All but South America, Australia and New Zealand, which are served from farther away.
      priceClass: cloudfront.PriceClass.PRICE_CLASS_200,
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.acknowledge(domain !== undefined);
  }

  private acknowledge(hasCertificate: boolean): void {
    Validations.of(this.distribution).acknowledge(
      {
        id: 'AwsSolutions::AwsSolutions-CFR1',
        reason: 'Customers and their administrators may be in any country.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-CFR2',
        reason:
          'The files are the same for everybody, and the API throttles and authenticates by itself. A web ACL costs $5 a month and $0.60 a million requests: the operator may add one.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-CFR3',
        reason:
          "They would keep paths, which name users, with their readers' addresses. The API logs each request without its path.",
      },
      {
        id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
        reason: 'A default root object is set, and the function leaves no path that lists the bucket.',
      },
    );
    if (hasCertificate) return;
    Validations.of(this.distribution).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR4',
      reason:
        "With CloudFront's own certificate it chooses the protocols itself. A stage with a certificate sets TLS 1.2.",
    });
  }

  private filesOf(bucket: IBucket): cloudfront.BehaviorOptions {
    const pages = new cloudfront.Function(this, 'Pages', {
      comment: 'Serves the one page of the console for every path that is a page',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(servePages),
    });
    return {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        // With the right to list, S3 answers 404 for a file that there is none of, else 403.
        originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
      }),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
      // As long as the files say. That is a second at least, also for what is not to be kept: nothing need be
      // invalidated.
      cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(this, 'Headers', headersOf(consoleHeaders)),
      functionAssociations: [{ function: pages, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST }],
    };
  }
}

/** The API, as if CloudFront were not there. */
function apiOf({ domainName }: HttpApi): cloudfront.BehaviorOptions {
  return {
    origin: new HttpOrigin(domainName, {
      protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
      originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
    }),
    // Not redirected: who sends a session or an API key without TLS has given it away, and must notice.
    viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
    cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
    // Cookies, Authorization, If-Match and the query string pass. API Gateway knows itself by its own host only.
    originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    // Compressed, an ETag would become a weak one, which is no version to be sent back.
    compress: false,
  };
}

/** Runs in CloudFront, on each request that is not the API's. */
const servePages = `function handler(event) {
  var request = event.request;
  if (${String(pagePath)}.test(request.uri)) request.uri = '${consolePage}';
  return request;
}`;

/** CloudFront takes some headers by name, and others only as settings of their own. A test compares all with the list. */
function headersOf(headers: typeof consoleHeaders): cloudfront.ResponseHeadersPolicyProps {
  const {
    'content-security-policy': contentSecurityPolicy,
    'strict-transport-security': _transportSecurity,
    'x-content-type-options': _nosniff,
    'x-frame-options': frameOption,
    'referrer-policy': _noReferrer,
    ...others
  } = headers;
  const override = true;
  return {
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy, override },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(transportSecuritySeconds),
        includeSubdomains: true,
        override,
      },
      contentTypeOptions: { override },
      frameOptions: { frameOption: cloudfront.HeadersFrameOption[frameOption], override },
      referrerPolicy: { referrerPolicy: cloudfront.HeadersReferrerPolicy.NO_REFERRER, override },
    },
    customHeadersBehavior: {
      customHeaders: Object.entries(others).map(([header, value]) => ({ header, value, override })),
    },
  };
}
