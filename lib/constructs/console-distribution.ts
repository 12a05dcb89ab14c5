import { Duration, Validations, type SecretValue } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import {
  consoleHeaders,
  consolePage,
  documentPath,
  pagePath,
  transportSecuritySeconds,
} from '../../config/console-files.ts';
import { routes as allRoutes, type Route } from '../../functions/api/routes.ts';
import { EDGE_SECRET, VIEWER_ADDRESS } from '../../functions/http/edge.ts';
import type { HttpApi } from './http-api.ts';

export interface ConsoleDistributionProps {
  /** The description of the distribution in CloudFront's list. */
  readonly comment: string;
  /** The bucket that contains the console's files. */
  readonly bucket: IBucket;
  readonly httpApi: HttpApi;
  /** The secret with which CloudFront proves to the API that it forwarded a request. */
  readonly edgeSecret: SecretValue;
  /** The web ACL of AWS WAF that inspects each request. @default - the distribution has no web ACL */
  readonly webAclArn: string | undefined;
  /** @default - the distribution has only its CloudFront domain name */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
}

/** The HTTP statuses of errors that CloudFront caches by default. */
const KEPT_ERRORS = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/**
 * A CloudFront distribution that serves the console and, under `/v1/` and `/api/`, the API, so that the console and the
 * API have the same origin.
 */
export class ConsoleDistribution extends Construct {
  readonly distribution: cloudfront.Distribution;

  constructor(scope: Construct, id: string, props: ConsoleDistributionProps) {
    super(scope, id);
    const { comment, bucket, httpApi, edgeSecret, webAclArn, domain } = props;
    const api = this.apiOf(httpApi, edgeSecret);
    const constant = this.constantOf(api);
    this.distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment,
      defaultBehavior: this.filesOf(bucket),
      // Prevents a request for "/" from listing the bucket. The CloudFront function `servePages` also rewrites "/", so
      // this setting is a second safeguard.
      defaultRootObject: consolePage.slice(1),
      // CloudFront uses the first path that matches.
      additionalBehaviors: {
        ...Object.fromEntries(cacheable.map(({ path }) => [path.replace(/\{\w+\}/g, '*'), constant])),
        '/v1/*': api,
        '/api/*': api,
      },
      // By default, CloudFront caches error responses for 10 seconds, even where caching is disabled and the response
      // says "no-store". So a person could get an error that the API returned to another person, such as "forbidden".
      errorResponses: KEPT_ERRORS.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      enableIpv6: true,
      // This price class has no edge locations in South America, Australia and New Zealand, so more distant edge
      // locations serve these regions.
      priceClass: cloudfront.PriceClass.PRICE_CLASS_200,
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
    });
    this.acknowledge(domain !== undefined, webAclArn !== undefined);
  }

  private acknowledge(hasCertificate: boolean, hasWebAcl: boolean): void {
    Validations.of(this.distribution).acknowledge(
      {
        id: 'AwsSolutions::AwsSolutions-CFR1',
        reason: 'Customers and their administrators may be in any country.',
      },
      {
        id: 'AwsSolutions::AwsSolutions-CFR3',
        reason:
          'Access logs would store the IP addresses of visitors next to paths that contain user IDs. The API logs each request without its path.',
      },
      {
        id: 'Annotation::@aws-cdk/aws-cloudfront-origins:listBucketSecurityRisk',
        reason:
          'A default root object is set, and the CloudFront function rewrites every path that would list the bucket.',
      },
    );
    if (!hasWebAcl) {
      Validations.of(this.distribution).acknowledge({
        id: 'AwsSolutions::AwsSolutions-CFR2',
        reason:
          'The files are the same for every visitor, and the API throttles and authenticates requests itself. The operator names a web ACL in the setting webAclArn.',
      });
    }
    if (hasCertificate) return;
    Validations.of(this.distribution).acknowledge({
      id: 'AwsSolutions::AwsSolutions-CFR4',
      reason:
        'A stage without a certificate uses the certificate of CloudFront, for which CloudFront chooses the TLS versions. A stage with a certificate requires TLS 1.2.',
    });
  }

  private filesOf(bucket: IBucket): cloudfront.BehaviorOptions {
    const pages = new cloudfront.Function(this, 'Pages', {
      comment: 'Serves the console page for every path of a page',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(servePages),
    });
    return {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, {
        // If CloudFront may list the bucket, S3 returns the status 404 for a missing file. If CloudFront may not list
        // the bucket, S3 returns 403.
        originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
      }),
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
      // CloudFront caches each file for as long as the file's header `Cache-Control` says, but for at least a second. A
      // deployment need not invalidate cached files: the name of an asset changes with the asset's content, and all
      // other files have the header `Cache-Control: no-cache`.
      cachePolicy: cloudfront.CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: new cloudfront.ResponseHeadersPolicy(this, 'Headers', headersOf(consoleHeaders)),
      functionAssociations: [{ function: pages, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST }],
    };
  }

  /** Returns the CloudFront behavior that forwards all requests to the API and caches nothing. */
  private apiOf({ domainName }: HttpApi, edgeSecret: SecretValue): cloudfront.BehaviorOptions {
    const viewers = new cloudfront.Function(this, 'Viewers', {
      comment: 'Tells the API the IP address of the viewer',
      runtime: cloudfront.FunctionRuntime.JS_2_0,
      code: cloudfront.FunctionCode.fromInline(nameViewer),
    });
    return {
      origin: new HttpOrigin(domainName, {
        protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [cloudfront.OriginSslPolicy.TLS_V1_2],
        // CloudFormation resolves the reference to the secret. Everybody who may read the distribution's configuration
        // can read the secret.
        customHeaders: { [EDGE_SECRET]: edgeSecret.unsafeUnwrap() },
      }),
      // The API does not redirect HTTP to HTTPS. A caller that sends a session token or an API key without TLS reveals
      // the credential to the network. An error tells the caller about this mistake; a redirect would hide the mistake.
      viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
      allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
      cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
      // Forwards cookies, Authorization, If-Match and the query string, but not Host, because API Gateway accepts only
      // its own host.
      originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      // Compression would turn the ETag of a response into a weak ETag, and If-Match never matches a weak ETag.
      compress: false,
      functionAssociations: [{ function: viewers, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST }],
    };
  }

  /**
   * Returns the CloudFront behavior for the API's responses that are the same for every caller. CloudFront caches a
   * response for as long as the response's header `Cache-Control` says, and compresses it. CloudFront does not cache
   * errors, because the API marks errors with `no-store`.
   */
  private constantOf({
    origin,
    viewerProtocolPolicy,
    allowedMethods,
  }: cloudfront.BehaviorOptions): cloudfront.BehaviorOptions {
    return {
      origin,
      ...(viewerProtocolPolicy && { viewerProtocolPolicy }),
      ...(allowedMethods && { allowedMethods }),
      cachePolicy: new cloudfront.CachePolicy(this, 'Constant', {
        comment: 'Caches the responses of the API that are the same for every caller',
        minTtl: Duration.seconds(0),
        defaultTtl: Duration.seconds(0),
        maxTtl: Duration.days(1),
        // The API refuses unknown query parameters, so CloudFront must forward the query string.
        queryStringBehavior: cloudfront.CacheQueryStringBehavior.all(),
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      }),
      compress: true,
    };
  }
}

/** The routes of the API, with the properties that only some routes have. */
const routes: readonly Route[] = allRoutes;
/** The routes whose responses CloudFront may cache. */
const cacheable = routes.filter(({ isConstant, isCacheable }) => isConstant === true || isCacheable === true);

/**
 * The code of the CloudFront function that runs for each request to the API. No origin request policy forwards both
 * CloudFront's own header with the viewer's address and all of the viewer's headers except `Host`, so this function
 * adds a header.
 */
const nameViewer = `function handler(event) {
  var request = event.request;
  request.headers['${VIEWER_ADDRESS}'] = { value: event.viewer.ip };
  return request;
}`;

/** The code of the CloudFront function that runs for each request that is not for the API. */
const servePages = `function handler(event) {
  var request = event.request;
  if (${String(documentPath)}.test(request.uri)) request.uri += '.html';
  else if (${String(pagePath)}.test(request.uri)) request.uri = '${consolePage}';
  return request;
}`;

/**
 * Returns the headers as settings of CloudFront, which has named settings for some headers and custom headers for all
 * other headers. A test compares the result with `consoleHeaders`.
 */
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
