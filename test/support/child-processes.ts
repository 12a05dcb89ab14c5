import { join } from 'node:path';

/**
 * Returns the environment variables for a Node.js process that a test starts: `settings`, and the variables that every
 * process needs. The processes share a cache of compiled code, because a process spends most of its start-up time
 * compiling the AWS SDK.
 */
export function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/node'),
    ...settings,
  };
}
