import { answerFssCall } from '../../domain/fss/answer-fss-call.ts';
import { fssEndpoint } from '../../http/fss-endpoint.ts';

export const build = fssEndpoint('answer-fss-call', answerFssCall);
