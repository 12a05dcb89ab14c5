import { openMetrics } from '../../aws/metrics.ts';
import { SIGN_UP_LIMITS } from '../../domain/customers/limit-sign-ups.ts';
import { onLambda, servicesFromEnvironment, setting, withEdge, withPlans } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { withRequestedFrom } from '../../http/requested-from.ts';
import { anonymousRoutes } from '../routes.ts';
import { build as answerNotFound } from '../service/answer-not-found.ts';
import { build as confirmEmail } from '../administrators/confirm-email.ts';
import { build as createSession } from '../signing-in/create-session.ts';
import { build as getHealth } from '../service/get-health.ts';
import { build as getOpenapi } from '../service/get-openapi.ts';
import { build as getTokenKeys } from '../fido2/get-token-keys.ts';
import { build as listPlans } from '../service/list-plans.ts';
import { build as requestSessionOptions } from '../signing-in/request-session-options.ts';
import { build as requestSignInLink } from '../signing-in/request-sign-in-link.ts';
import { build as signUpCustomer } from '../customers/sign-up-customer.ts';

/** Serves the routes that need neither a session nor an API key, and every request that matches no other route. */
const served = dispatch(anonymousRoutes, {
  'sign-up-customer': signUpCustomer,
  'request-sign-in-link': requestSignInLink,
  'create-session': createSession,
  'request-session-options': requestSessionOptions,
  'confirm-email': confirmEmail,
  'get-token-keys': getTokenKeys,
  'list-plans': listPlans,
  'get-health': getHealth,
  'get-openapi': getOpenapi,
  'answer-not-found': answerNotFound,
});
export const build = (services: Parameters<typeof served>[0]): ReturnType<typeof served> =>
  served(withRequestedFrom(services));
export const handler = onLambda(() =>
  build({
    ...withPlans(withEdge(servicesFromEnvironment())),
    contact: setting('CONTACT'),
    metrics: openMetrics(),
    signUpLimits: SIGN_UP_LIMITS,
  }),
);
