import { withRememberedFssKeys } from '../../domain/fss/authenticate-fss-call.ts';
import { withRememberedApiKeys } from '../../domain/rps/authenticate-api-key.ts';
import { onLambda, servicesFromEnvironment, withCalendar, withCeremonies, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { fssRoutes } from '../routes.ts';
import { build as answerFssCall } from '../fss/answer-fss-call.ts';

/** Serves the calls of RPs' servers in the FSS format. */
export const build = dispatch(fssRoutes, { 'answer-fss-call': answerFssCall });
export const handler = onLambda(() =>
  build(
    withRememberedFssKeys(withCeremonies(withRememberedApiKeys(withEdge(withCalendar(servicesFromEnvironment()))))),
  ),
);
