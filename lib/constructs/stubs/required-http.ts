import type * as Http from 'node:http';
import { createRequire } from 'node:module';

/** Replaces `node:http` in the bundles with a module that has only the parts that the AWS SDK uses. */
const http = createRequire(import.meta.url)('node:http') as typeof Http;
export const { Agent, request, STATUS_CODES } = http;
