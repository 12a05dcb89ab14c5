import type { Table } from '../table/engine/client.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './time.ts';

/** Writes one structured log line for each call. Callers must never log secrets. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counts events for the operator's alarms and dashboard. */
export interface Metrics {
  add(name: string, value: number): void;
}

/**
 * The services that every domain function may need. The handler's module creates the services. Code below the handler
 * reads neither the environment nor the wall clock.
 */
export interface Services {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * The console's URL, without a slash at its end. The URL is the origin of the console's requests and the start of
   * e-mailed links.
   */
  readonly consoleUrl: string;
}
export interface CalendarServices extends Services {
  readonly calendar: Calendar;
}
