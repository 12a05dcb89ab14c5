import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../../functions/domain/services.ts';

/**
 * Returns the logger that Lambda functions use, and a function that returns the number of bytes that the logger wrote.
 * The logger's output counts the bytes and discards them.
 */
export function countingLog(): { log: Log; written: () => number } {
  let bytes = 0;
  const nowhere = new Writable({
    write: (chunk: Buffer, _, done) => {
      bytes += chunk.length;
      done();
    },
  });
  const logger = new Logger({ serviceName: 'fido2-server-service-production' });
  // The logger has no setting for its output, so this call replaces the console to which the logger writes.
  Reflect.set(logger, 'console', new Console(nowhere));
  const line =
    (level: keyof Log): Log[keyof Log] =>
    (message, fields = {}) => {
      logger[level](message, fields);
    };
  return { log: { info: line('info'), warn: line('warn'), error: line('error') }, written: () => bytes };
}
