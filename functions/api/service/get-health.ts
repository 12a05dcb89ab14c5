import { getHealthContract as contract } from '../../contract/service.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-health', contract, () => ({ body: { status: 'ok' as const } }));
