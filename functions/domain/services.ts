import type { Table } from '../table/engine/client.ts';
import type { Calendar } from './calendar.ts';
import type { Clock } from './time.ts';

/** One structured line a call. Secrets never go in. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** Counts things for the operator's alarms and dashboard. */
export interface Metrics {
  add(name: string, value: number): void;
}

/** The services that every rule may need. They come from the handler's module; nothing below it reads the environment or the wall clock. */
export interface Services {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  /** The console's URL without a slash at its end: the origin of its requests, the beginning of e-mailed links. */
  readonly consoleUrl: string;
}
export interface CalendarServices extends Services {
  readonly calendar: Calendar;
}
