import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type { Log } from '../domain/services.ts';

/**
 * Formats lines as Powertools does, but keeps fields that are null or empty, which say that an item did not or does not
 * exist. Powertools removes these fields from each line ("Bring your own formatter", Powertools for AWS Lambda).
 */
class Formatter extends LogFormatter {
  override formatAttributes(...[base, fields]: Parameters<LogFormatter['formatAttributes']>): LogItem {
    const item = new LogItem({
      attributes: {
        level: base.logLevel,
        message: base.message,
        timestamp: this.formatTimestamp(base.timestamp),
        service: base.serviceName,
        sampling_rate: base.sampleRateValue,
        xray_trace_id: base.xRayTraceId,
      },
    });
    item.removeEmptyKeys = (attributes) => attributes;
    return item.addAttributes(fields);
  }
}

/** Creates a log that uses Powertools to write JSON lines, each with the name of the service. */
export function lambdaLog(): Log {
  const logger = new Logger({ logFormatter: new Formatter() });
  return {
    info: (message, fields = {}) => {
      logger.info(message, fields);
    },
    warn: (message, fields = {}) => {
      logger.warn(message, fields);
    },
    error: (message, fields = {}) => {
      logger.error(message, fields);
    },
  };
}
