import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { RouteName } from '../api/routes.ts';
import type { RefusalServices } from '../domain/activity/refusal-limits.ts';
import type { RpServer } from '../domain/callers.ts';
import { GET_NONCE, isFssCall, type NamedFssRequest } from '../domain/fss/answer-fss-call.ts';
import { authenticateFssCall, type FssKeyServices } from '../domain/fss/authenticate-fss-call.ts';
import { FssError, type FssAnswer, type FssServices } from '../domain/fss/fss-call.ts';
import type { FssProof } from '../domain/fss/fss-proof.ts';
import { untilAborted } from '../table/engine/client.ts';
import type { Refusal } from '../table/refusals.ts';
import { withRequest } from '../with-request.ts';
import { requireCloudFront, type EdgeServices } from './edge.ts';
import { ANSWERED, TO_ANSWER } from './end-of-request.ts';
import type { RouteHandler } from './endpoint.ts';
import { fssCookieOf, setFssCookie } from './fss-cookie.ts';
import { fssFailureOf } from './fss-failure.ts';
import { securityHeaders } from './security-headers.ts';

/** The largest body of a call, in bytes. */
const MAX_BODY = 1024 * 1024;

type FssEndpointServices = FssServices & FssKeyServices & RefusalServices & EdgeServices;
type Handle = (services: FssServices, request: NamedFssRequest) => Promise<FssAnswer>;

/**
 * Returns a function that creates the Lambda handler of the route for calls in the FSS format. Unlike the other routes,
 * the route takes the name of the call from the path, authenticates the caller by the headers of the FSS format, and
 * responds with the HTTP status 200 to failed calls too.
 */
export function fssEndpoint<N extends RouteName>(
  route: N,
  handle: Handle,
): (services: FssEndpointServices) => RouteHandler<N> {
  return (services) => async (event, context) => {
    const { requestId } = event.requestContext;
    // Clients that join an endpoint and a name may send two slashes.
    const name = event.rawPath.slice(PREFIX.length).replace(/^\/+/, '');
    // The log contains only names of calls, because a caller can send anything else in the path.
    const line = { route, requestId, ...(isFssCall(name) && { call: name }) };
    let caller: RpServer | undefined;
    const callerFields = () => caller && { customerId: caller.customerId, keyId: caller.keyId };
    const ended = endOf(context);
    try {
      const own = {
        ...withRequest(services, route, requestId),
        table: untilAborted(services.table, ended.signal),
      };
      requireCloudFront({ caller: name === GET_NONCE ? 'anyone' : 'fss' }, event, services.edge);
      const body = bytesOf(event);
      caller = name === GET_NONCE ? undefined : await authenticateFssCall(own, proofIn(event), body);
      const answer = await handle(own, {
        name,
        caller,
        body: jsonIn(body),
        cookie: fssCookieOf(event),
        receivedAt: event.requestContext.timeEpoch,
      });
      services.log.info('request', { ...line, status: 200, ...callerFields(), appStatus: 'OK' });
      const { data, cookie } = answer;
      return {
        ...respond(200, { appStatus: 'OK', data }),
        ...(cookie !== undefined && { cookies: [setFssCookie(cookie, services.consoleUrl)] }),
      };
    } catch (error) {
      const { status, headers, body } = fssFailureOf(error);
      const failed = {
        ...line,
        status,
        ...callerFields(),
        appStatus: body.appStatus,
        ...(body.appSubStatus && { errorCode: body.appSubStatus.errorCode }),
      };
      if (status < 500) services.log.info('request', failed);
      else services.log.error('request', { ...failed, error });
      const [kind, refused] = [isFssCall(name) ? ceremonyOf(name) : undefined, caller];
      if (kind && refused) {
        const left = context.getRemainingTimeInMillis();
        // The code that stores refusals is loaded only here.
        await import('./record-fss-refusal.ts')
          .then(({ recordFssRefusal }) => recordFssRefusal(services, kind, { caller: refused, error, requestId, left }))
          .catch((reason: unknown) => {
            services.log.warn('refusal not stored', { route, requestId, error: reason });
          });
      }
      return respond(status, body, headers);
    } finally {
      ended.end();
    }
  };
}

/** Returns the kind of the ceremony that a call begins or ends. Returns undefined for any other call. */
function ceremonyOf(name: string): Refusal['kind'] | undefined {
  if (name.startsWith('registerCredential/')) return 'registration';
  return name.startsWith('authenticate/') ? 'authentication' : undefined;
}

/** The beginning of the path. The name of the call follows, and may contain a slash. */
const PREFIX = '/api/';

/**
 * Returns the signal that cancels the table calls of a request: shortly before Lambda stops the function, so that the
 * caller gets a response, and when the request is answered.
 */
function endOf(context: Context): { readonly signal: AbortSignal; readonly end: () => void } {
  const ended = new AbortController();
  const left = Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - TO_ANSWER);
  const timer = setTimeout(() => {
    ended.abort(new Error('The request took too long.'));
  }, left);
  return {
    signal: ended.signal,
    end: () => {
      clearTimeout(timer);
      ended.abort(ANSWERED);
    },
  };
}

/** Returns the headers with which the caller proves who it is. */
function proofIn({ headers }: APIGatewayProxyEventV2): FssProof {
  return {
    rpId: headers['x-fss-rp-id'],
    apiAuthId: headers['x-fss-api-auth-id'],
    accessKey: headers['x-fss-auth-access-key'],
    requestTime: headers['x-fss-auth-request-time'],
    nonce: headers['x-fss-auth-nonce'],
    bodyHash: headers['x-fss-auth-body-hash'],
    signature: headers['x-fss-auth-signature'],
  };
}

/** Returns the bytes of the body. Throws `FssError` when the body is too large. */
function bytesOf({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY) {
    throw new FssError('PARAMETER_ERROR', `The body has ${bytes.length} bytes. The maximum is ${MAX_BODY}.`);
  }
  return bytes;
}

/** Returns the JSON value in a body. Ignores the content type. Throws `FssError` when the body is not JSON. */
function jsonIn(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new FssError('BAD_JSON_FORMAT', 'The body is not JSON in UTF-8.');
  }
}

function respond(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { ...securityHeaders, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
