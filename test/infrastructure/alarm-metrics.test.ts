import { SendEmailCommand } from '@aws-sdk/client-ses';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Metrics } from '../../functions/domain/services.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { MailRejectedError } from '../../functions/email/mailer.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { build as buildRecount } from '../../functions/events/recount-active-users.ts';
import { build as buildSendMail } from '../../functions/events/send-mail.ts';
import { build as buildDeliverWebhooks } from '../../functions/events/deliver-webhooks.ts';
import { build as buildUpdateMetadata } from '../../functions/events/update-metadata.ts';
import { build as buildWatch } from '../../functions/events/watch-mappings.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { addToRpMau, addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { putMail } from '../../functions/table/mails.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { openTestTable } from '../support/engine.ts';
import { createBlobSigner } from '../support/fido2/metadata.ts';
import { mailServices } from '../support/mail-services.ts';
import { openAlerts, rejected } from '../support/metering/alerts.ts';
import { openMetering, windowEvent } from '../support/metering/metering.ts';
import { dyingAt } from '../support/table-faults.ts';
import { openWebhooks } from '../support/webhooks.ts';
import { writtenMetrics } from '../support/written-metrics.ts';
import { alarmsOf, metricsIn } from './alarms-of-template.ts';
import { synthesize } from './synthesize.ts';

/** Runs `send-mail` for an e-mail that SES does not accept. */
async function sendMailWith(metrics: Metrics, error: Error): Promise<void> {
  const { table } = await openTestTable();
  const { services } = mailServices(table);
  const changed = { customerName: 'Example', oldName: 'Alice', newName: 'Bob', changedBy: 'Carol' };
  const [mail, ttl] = newMail(
    { template: 'representative-changed', to: 'alice@example.com', customerId: 'cus_1', ...changed },
    services.clock.now(),
    undefined,
  );
  await putMail(table, mail, ttl);
  const send = buildSendMail({ ...services, metrics, mailer: { send: () => Promise.reject(error) }, pause: 0 });
  await send({ Records: [{ messageId: '1', body: JSON.stringify(mail.mailId) }] } as Parameters<typeof send>[0]);
}

/**
 * Begins the recount of a counter that is one higher than the number of records. Runs `recount-active-users` again
 * `later` milliseconds later, while the aggregator has this lag.
 */
async function recountAgain(metrics: Metrics, { lag, later }: { lag: number; later: number }): Promise<void> {
  const metering = await openMetering({ now: '2026-11-10T09:00:00Z' });
  const { services, clock } = metering;
  const customer = await metering.signUp();
  const { customerId } = customer;
  const { rpRef } = await customer.rp();
  await transact(services.table, {
    rp: addToRpMau(customerId, '2026-11', rpRef, 1, 0),
    total: addToTotalMau(customerId, '2026-11', 1),
  });
  const run = (streamLag: number) => {
    const recount = buildRecount({ ...services, metrics, streamLag: () => Promise.resolve(streamLag) });
    return recount({} as Parameters<typeof recount>[0], { getRemainingTimeInMillis: () => 15 * MINUTE });
  };
  await run(0);
  clock.time += later;
  await run(lag);
}

/**
 * For each metric of the service that an alarm watches, how a Lambda function writes it: each entry runs the function's
 * handler with the service `metrics`, which writes lines as in Lambda.
 */
const writing: Readonly<Record<string, (metrics: Metrics) => Promise<unknown>>> = {
  CurrentMetadata: async (metrics) => {
    const { table } = await openTestTable();
    const signer = await createBlobSigner();
    const signed = signer.sign(1, [], '2026-12-01');
    const unused = () => undefined;
    return buildUpdateMetadata({
      table,
      clock: { now: () => Date.parse('2026-11-29T12:00:00Z') },
      log: { info: unused, warn: unused, error: unused },
      metrics,
      metadataSource: () => Promise.resolve(signed),
      refusalByLists: () => Promise.resolve(undefined),
    })();
  },
  FailedAlerts: async (metrics) => {
    const alerts = await openAlerts();
    await alerts.exceed();
    alerts.ses.on(SendEmailCommand).rejects(rejected());
    await alerts.run({ metrics } as object);
    alerts.pass(3 * DAY);
    await alerts.run({ metrics } as object);
  },
  FailedMails: (metrics) => sendMailWith(metrics, new Error('Service Unavailable')),
  FailedWebhooks: async (metrics) => {
    const webhooks = await openWebhooks();
    await webhooks.set();
    await webhooks.run();
    const [delivery] = await webhooks.deliveries();
    const deliver = buildDeliverWebhooks({
      ...webhooks.process(dyingAt(webhooks.table, 1, 'before')),
      metrics,
    });
    const { customerId, webhookId, deliveryId, createdAt } = delivery ?? {};
    const body = JSON.stringify({ customerId, webhookId, deliveryId, createdAt });
    await deliver({ Records: [{ messageId: '1', body }] } as Parameters<typeof deliver>[0]);
  },
  OverdueRecounts: (metrics) => recountAgain(metrics, { lag: Infinity, later: DAY }),
  RecountDrift: (metrics) => recountAgain(metrics, { lag: 0, later: HOUR }),
  RefusedMails: (metrics) => sendMailWith(metrics, new MailRejectedError('SES refused the e-mail')),
  StoppedMappings: (metrics) => {
    const unused = () => undefined;
    return buildWatch({
      log: { info: unused, warn: unused, error: unused },
      metrics,
      mappings: () => Promise.resolve([{ status: 'fulfilled', value: { mapping: 'a-1', state: 'Disabled' } }]),
    })();
  },
  UnreadableRecords: async (metrics) => {
    const metering = await openMetering();
    const { services } = metering;
    const customer = await metering.signUp();
    const { customerId } = customer;
    const { rpRef } = await customer.rp();
    await putActiveUser(
      services.table,
      { customerId, rpRef, month: '2026-11', userId: 'user-1', firstOperationAt: 0, source: 'reported' },
      0,
    );
    const unreadable = (await metering.records()).map(({ dynamodb, ...record }) => ({
      ...record,
      dynamodb: { ...dynamodb, NewImage: { pk: { S: 'ACTIVE#' } } },
    }));
    await buildAggregator({ ...services, metrics })(windowEvent('shard', unreadable));
  },
};

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('every metric of the service that an alarm watches', () => {
  let written: ReturnType<typeof writtenMetrics>;
  beforeEach(() => {
    written = writtenMetrics();
  });

  it.each(Object.keys(writing))('is written by a handler with the dimension of the stage: %s', async (name) => {
    await writing[name]?.(written.metrics);

    const lines = written.lines.filter((line) => name in line);
    expect(lines).not.toEqual([]);
    for (const line of lines) {
      expect(line).toMatchObject({
        _aws: {
          CloudWatchMetrics: [
            { Namespace: 'Fido2ServerService', Dimensions: [['service']], Metrics: [{ Name: name, Unit: 'Count' }] },
          ],
        },
        service: 'fido2-server-service-development',
      });
      expect(line[name]).toBeGreaterThan(0);
    }
  });
});

it('the alarms watch no other metrics of the service, all with the dimension of the stage', async () => {
  const { operations } = await synthesize('development');
  const own = [...alarmsOf(operations.template).values()]
    .flatMap(metricsIn)
    .filter(({ Namespace }) => Namespace === 'Fido2ServerService');

  expect(own.map(({ MetricName }) => MetricName).sort()).toEqual(Object.keys(writing).sort());
  for (const { Dimensions } of own)
    expect(Dimensions).toEqual([{ Name: 'service', Value: 'fido2-server-service-development' }]);
});
