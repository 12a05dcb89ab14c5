import type { Table } from '../table/engine/client.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './time.ts';

/** Writes one structured log line for each call. Callers must never log secrets. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Publishes the numbers for the operator's alarms and dashboard. */
export interface Metrics {
  /** Adds `value` to the count metric `name`. */
  add(name: string, value: number): void;
}

/**
 * The services that any domain function may use. The module of each Lambda handler creates the services and passes them
 * to the domain functions. Domain functions read neither the environment variables nor the system clock.
 */
export interface Services {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * The console's URL, without a slash at its end. The URL is the origin of the console's requests, and every e-mailed
   * link starts with the URL.
   */
  readonly consoleUrl: string;
  /**
   * The ID of the request, or of the invocation, that the code serves. The e-mails that it causes carry the ID, so one
   * search of the logs finds the request and its e-mails. @default - the code serves no request, as in a test
   */
  readonly requestId?: string | undefined;
  /** The origin of the HTTP request that the code serves. @default - the code serves no HTTP request */
  readonly requestedFrom?: RequestedFrom | undefined;
}

/** The IP address that sent an HTTP request, and the header `User-Agent` of the request. */
export interface RequestedFrom {
  readonly ipAddress: string;
  readonly userAgent: string | undefined;
}
export interface CalendarServices extends Services {
  readonly calendar: Calendar;
}
