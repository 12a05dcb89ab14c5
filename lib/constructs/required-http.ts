import type * as Http from 'node:http';
import { createRequire } from 'node:module';

/** What the bundles have of `node:http`: what the SDK uses of it, and nothing that it does not. */
const http = createRequire(import.meta.url)('node:http') as typeof Http;
export const { Agent, request, STATUS_CODES } = http;
