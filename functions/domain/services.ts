import type { Table } from '../table/engine/client.ts';
import type { Calendar } from './calendar.ts';
import type { PlanCatalogue } from './licenses/plans.ts';
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

/** What every rule may need. Comes from the handler's module; nothing below reads the environment or the wall clock. */
export interface BasicServices {
  readonly table: Table;
  readonly clock: Clock;
  readonly log: Log;
  /** Where the console is, without a slash at its end: the origin of its requests, the beginning of e-mailed links. */
  readonly consoleUrl: string;
}
export interface Services extends BasicServices {
  readonly plans: PlanCatalogue;
}
export interface CalendarServices extends Services {
  readonly calendar: Calendar;
}
