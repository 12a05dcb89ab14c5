import type { Context, ScheduledEvent } from 'aws-lambda';
import { build as buildBeginDiscarding } from '../../functions/events/begin-discarding.ts';
import { build as buildClosing } from '../../functions/events/close-months.ts';
import { build as buildRecount } from '../../functions/events/recount-active-users.ts';
import { build as buildMauAlerts } from '../../functions/events/send-mau-alerts.ts';
import { build as buildSummary } from '../../functions/events/summarize-customers.ts';
import { build as buildMetadata } from '../../functions/events/update-metadata.ts';
import type { MetadataReport } from '../../functions/domain/attestation/update-metadata.ts';
import type { Log } from '../../functions/domain/services.ts';
import type { EventFunctionName } from '../../functions/lambda-functions.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { contextOf } from './gateway.ts';

/** The services that the schedules' handlers need. */
type Services = Parameters<typeof buildBeginDiscarding>[0] &
  Parameters<typeof buildClosing>[0] &
  Parameters<typeof buildMauAlerts>[0] &
  Parameters<typeof buildMetadata>[0] &
  Parameters<typeof buildRecount>[0] &
  Parameters<typeof buildSummary>[0];
type Handler = (event: ScheduledEvent, context: Context) => Promise<unknown>;

/** The schedules of the local service, in place of EventBridge. */
export interface Schedules {
  /**
   * For each schedule name, a function that starts a run of the schedule immediately, and resolves when the run is
   * done.
   */
  readonly fire: Readonly<Record<string, () => Promise<unknown>>>;
  /** Starts a run of the schedule `update-metadata` immediately, and resolves with its report. */
  readonly updateMetadata: () => Promise<MetadataReport>;
  stop(): void;
}

/**
 * Starts timers that replace EventBridge's rules. The timers use the machine's clock, not the service's clock, which
 * can be set. `servicesOf` creates the services that a Lambda function uses.
 */
export function startSchedules(servicesOf: (name: EventFunctionName) => Services, log: Log): Schedules {
  const updateMetadata = buildMetadata(servicesOf('update-metadata'));
  const schedules: Record<string, { every: number; handler: Handler }> = {
    'mau-alerts': { every: 5 * MINUTE, handler: buildMauAlerts(servicesOf('send-mau-alerts')) },
    recount: { every: HOUR, handler: buildRecount(servicesOf('recount-active-users')) },
    'month-close': { every: HOUR, handler: buildClosing(servicesOf('close-months')) },
    'begin-discarding': { every: HOUR, handler: buildBeginDiscarding(servicesOf('begin-discarding')) },
    // The few customers of one machine are summarized in milliseconds, and nobody waits an hour for the first summary.
    'customer-summary': { every: MINUTE, handler: buildSummary(servicesOf('summarize-customers')) },
    'update-metadata': { every: DAY, handler: updateMetadata },
  };
  const fire = Object.fromEntries(
    Object.entries(schedules).map(([name, { handler }]) => [
      name,
      () => handler({} as ScheduledEvent, contextOf({ name }, undefined, HOUR)),
    ]),
  );
  const timers = Object.entries(schedules).map(([name, { every }]) =>
    setInterval(() => {
      fire[name]?.().catch((error: unknown) => {
        log.error('a schedule failed', { name, error });
      });
    }, every),
  );
  return {
    fire,
    updateMetadata,
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
  };
}
