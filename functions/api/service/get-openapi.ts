import { getOpenapiContract as contract } from '../../contract/service.ts';
import { endpoint } from '../../http/endpoint.ts';
import { openapi } from '../../http/openapi.ts';

export const build = endpoint('get-openapi', contract, () => ({ body: openapi() }));
