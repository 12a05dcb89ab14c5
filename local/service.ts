import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { build as buildAnonymous } from '../functions/api/functions/anonymous.ts';
import { build as buildCeremonies } from '../functions/api/functions/ceremonies.ts';
import { build as buildConsole } from '../functions/api/functions/console.ts';
import { build as buildOperations } from '../functions/api/functions/operations.ts';
import { build as buildOperatorPages } from '../functions/api/functions/operator.ts';
import { build as buildUsers } from '../functions/api/functions/users.ts';
import { build as buildWebhooks } from '../functions/api/functions/webhooks.ts';
import { newRefusalLimits } from '../functions/domain/activity/refusal-limits.ts';
import { SIGN_UP_LIMITS } from '../functions/domain/customers/limit-sign-ups.ts';
import { rememberedSecrets } from '../functions/domain/fido2/sealing/ceremony-secrets.ts';
import { withRememberedApiKeys } from '../functions/domain/rps/authenticate-api-key.ts';
import { withRememberedFssKeys } from '../functions/domain/fss/authenticate-fss-call.ts';
import { build as buildFss } from '../functions/api/functions/fss.ts';
import { withDnsLookUps } from '../functions/domain/rps/domain-verification.ts';
import { newTokenKeyMemory } from '../functions/domain/fido2/tokens/token-key-memory.ts';
import { createCalendar } from '../functions/domain/calendar.ts';
import { planCatalogue, type PlanCatalogue } from '../functions/domain/licenses/plans.ts';
import type { SignedBlob } from '../functions/domain/attestation/read-blob.ts';
import type { ToDiscard } from '../functions/domain/discarding.ts';
import type { MailMessage } from '../functions/domain/mail/forward-mails.ts';
import { withSeenUsers } from '../functions/domain/metering/report-operations.ts';
import type { Log } from '../functions/domain/services.ts';
import { NOT_BEHIND_CLOUDFRONT, type Edge } from '../functions/http/edge.ts';
import { fixTimeZone } from '../functions/domain/metering/fix-time-zone.ts';
import { build as buildAggregator } from '../functions/events/aggregate-active-users.ts';
import { build as buildDeliverWebhooks } from '../functions/events/deliver-webhooks.ts';
import { build as buildDiscarding } from '../functions/events/discard-items.ts';
import { build as buildForwardMails } from '../functions/events/forward-mails.ts';
import { build as buildMailEvents } from '../functions/events/record-mail-event.ts';
import { build as buildOperator } from '../functions/events/run-operator-command.ts';
import { build as buildSendMail } from '../functions/events/send-mail.ts';
import { streamMappings } from '../functions/events/stream-mappings.ts';
import { lambdaFunctions, type LambdaFunctionName } from '../functions/lambda-functions.ts';
import { openPostWebhook } from '../functions/network/post-webhook.ts';
import { refusalByLists } from '../functions/network/revocation-lists.ts';
import { keepClosingRecord, type ClosingRecord } from '../functions/table/closing-records.ts';
import { requestSignInLink } from '../functions/domain/signing-in/request-sign-in-link.ts';
import { anonymousBucket } from '../functions/domain/mail/link-allowances.ts';
import { dropLinkLimit } from '../functions/table/limits/link-limits.ts';
import { openTable, type Table } from '../functions/table/engine/client.ts';
import type { WebhookDeliveryId } from '../functions/table/webhooks/webhook-deliveries.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import ownPlans from '../config/plans.json' with { type: 'json' };
import { createClock, type SettableClock } from './clock.ts';
import { createConsole } from './console.ts';
import { createControl } from './control.ts';
import { createDns } from './aws/dns.ts';
import { contextOf, createGateway } from './aws/gateway.ts';
import { localClientConfig, openLocalClosingRecords, openLocalTable } from './open-table.ts';
import type { Person, ShopLink } from './local-page.ts';
import { openOutbox, type Outbox } from './aws/outbox.ts';
import { openQueue } from './aws/queue.ts';
import { restrict, type TableUse } from './aws/restrict.ts';
import { startSchedules } from './aws/schedules.ts';
import { startPolling } from './aws/stream-poller.ts';
import { temporaryStageSecret } from './stage-secret.ts';
import { createTurnstile } from './turnstile.ts';

export interface ServiceOptions {
  /** The endpoint of the DynamoDB-compatible engine. */
  readonly endpoint: string;
  /** Whether the service limits the number of sign-ups, as in AWS. @default false */
  readonly limitsSignUps?: boolean;
  /** Whether RPs must show a DNS record before their users can register and sign in. @default false */
  readonly verifiesDomains?: boolean;
  /** The secret that seals ceremonies. @default - a random secret that lasts until the service stops */
  readonly stageSecret?: Uint8Array;
  /** @default 'fido2-server-service' */
  readonly tableName?: string;
  /** The port on which the service listens, on the loopback interface. @default - a free port */
  readonly port?: number;
  /** The IANA name of the service's time zone. @default 'UTC' */
  readonly timeZone?: string;
  /** The length, in hours, of the grace period that follows when a customer unsubscribes. @default 72 */
  readonly unsubscribeGraceHours?: number;
  /** @default - the plan catalogue in `config/plans.json` */
  readonly plans?: PlanCatalogue;
  readonly log: Log;
  /** The file that stores e-mails. @default - e-mails are stored only in memory */
  readonly outboxFile?: string;
  /** The file that stores the queue of data to discard. @default - the queue is stored only in memory */
  readonly queueFile?: string;
  /** Returns the people for whom the local page shows a sign-in button. @default - the page shows no such button */
  readonly people?: (table: Table) => Promise<readonly Person[]>;
  /** Returns the sample shop that the local page links to. @default - the page links to no shop */
  readonly shop?: () => ShopLink | undefined;
  /** The folder that contains the built console. @default - the service serves no console */
  readonly consoleFolder?: string | undefined;
  /** How the API recognizes requests from CloudFront. @default - the service is not behind CloudFront */
  readonly edge?: Edge;
  /** The time between two polls of the table's stream, in milliseconds. @default 250 */
  readonly pollInterval?: number;
  /** Receives each table call that a Lambda function makes. @default - table calls are ignored */
  readonly onTableUse?: (name: LambdaFunctionName, use: TableUse) => void;
  /** Receives the table's client of each Lambda function, for measurements. @default - no measurements */
  readonly onTableOpen?: (name: LambdaFunctionName, table: Table) => void;
}

/** The whole service, which runs on this machine. */
export interface LocalService {
  readonly url: string;
  readonly table: Table;
  readonly clock: SettableClock;
  readonly outbox: Outbox;
  stop(): Promise<void>;
}

/**
 * How many milliseconds must pass between the write that sets a customer's status to `unsubscribing` and the step
 * `sweep`, which removes the customer's remaining data. The service caches API keys for 10 seconds, and no request to
 * the local service lasts longer than a second.
 */
const SWEEP_AFTER = 11 * 1_000;
/** The log message for a call that the role of a function does not allow. */
export const ACCESS_DENIED = 'access denied';
/** The operator's e-mail address for customers, which the console and the e-mails show. */
const CONTACT = 'sales@example.com';

/**
 * Starts the service on the loopback interface: the table, a gateway that serves all routes, and the event handlers.
 * Pollers, a queue and schedules call the event handlers. Throws if the table was created for another time zone.
 */
export async function startService(options: ServiceOptions): Promise<LocalService> {
  const {
    endpoint,
    tableName = 'fido2-server-service',
    port = 0,
    timeZone = 'UTC',
    unsubscribeGraceHours = 72,
    plans = planCatalogue.parse(ownPlans),
    log,
    people,
    consoleFolder,
    edge = NOT_BEHIND_CLOUDFRONT,
    verifiesDomains = false,
    stageSecret = temporaryStageSecret(),
    pollInterval,
    onTableUse,
    onTableOpen,
  } = options;
  const client = localClientConfig(endpoint);
  const { table, streamArn } = await openLocalTable(endpoint, tableName);
  const closingRecords = await openLocalClosingRecords(endpoint, tableName);
  const opened: Table[] = [];
  /** Opens the table for a function, limited to the rights of the function's role. */
  const tableOf = (name: LambdaFunctionName) => {
    const own = restrict(openTable(tableName, client), name, lambdaFunctions[name], {
      onUse: (use) => onTableUse?.(name, use),
      onDenied: (reason) => {
        log.error(ACCESS_DENIED, { reason });
      },
    });
    opened.push(own);
    onTableOpen?.(name, own);
    return own;
  };
  await fixTimeZone({ table: tableOf('fix-time-zone') }, timeZone);

  // `npm start` loads the demo from the same process. If Node closed idle connections after 5 seconds, then, after a
  // pause of this process, it would close a connection on which the demo has just sent a request.
  const server = createServer({ keepAliveTimeout: 0 }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;

  // The service clears the caches whose entries expire when the clock is set. If the clock is set back, cached API keys
  // would otherwise stay valid for too long.
  const clock = createClock(() => {
    services.rememberedApiKeys.clear();
    services.rememberedCeremonyKeys.clear();
    services.rememberedFssKeys.clear();
    services.wrongApiKeys.clear();
    services.unknownApiKeys.clear();
    services.absentUsers.clear();
    services.unknownUsers.clear();
    services.dnsLookUps.clear();
    services.refusalLimits.clear();
  });
  const dns = createDns();
  const outbox = await openOutbox(clock, options.outboxFile);
  const discarding = await openQueue<ToDiscard>(options.queueFile);
  // These queues need no files: after a restart, the stream delivers every e-mail and event that is not sent yet again.
  const links = await openQueue<MailMessage>();
  const notices = await openQueue<MailMessage>();
  const webhooks = await openQueue<WebhookDeliveryId>();
  // Instead of downloading metadata about authenticators, the service uses the metadata that a developer sends to it.
  let metadata: SignedBlob | undefined;
  const services = withRememberedFssKeys(
    withRememberedApiKeys(
      withSeenUsers({
        ...withDnsLookUps({ table, clock, log, consoleUrl: url, verifyDomains: verifiesDomains }, dns.lookUpTxt),
        ...rememberedSecrets(() => Promise.resolve([stageSecret]), clock),
        tokenKeys: newTokenKeyMemory(clock),
        refusalLimits: newRefusalLimits(clock),
        plans,
        signalsUnknownCredentials: true,
        timeZone,
        calendar: createCalendar(timeZone),
        discard: discarding.send,
        keepClosingRecord: (record: ClosingRecord) => keepClosingRecord(closingRecords, record),
        sweepAfter: SWEEP_AFTER,
        contact: CONTACT,
        unsubscribeGraceHours,
        mailer: outbox,
        postpone: (mailId: string, delay: number) => notices.send([{ mailId }], delay),
        pause: 0,
        // Customers of the local service may receive events on this machine, also without TLS.
        allowsLoopbackWebhooks: true,
        signUpLimits: options.limitsSignUps === true ? SIGN_UP_LIMITS : undefined,
        emailsPerSecond: 100,
        random: Math.random,
        metrics: {
          add: (name: string, value: number) => {
            log.info('metric', { name, value });
          },
        },
        metadataSource: () => Promise.resolve(metadata),
        refusalByLists,
        streamLag: () => aggregator.drain().then(() => 0),
      }),
    ),
  );

  const servicesOf = (name: LambdaFunctionName) => ({ ...services, table: tableOf(name) });
  const handlers = {
    console: buildConsole({ ...servicesOf('console'), edge }),
    webhooks: buildWebhooks({ ...servicesOf('webhooks'), edge }),
    anonymous: buildAnonymous({ ...servicesOf('anonymous'), edge }),
    users: buildUsers({ ...servicesOf('users'), edge }),
    ceremonies: buildCeremonies({ ...servicesOf('ceremonies'), edge }),
    operations: buildOperations({ ...servicesOf('operations'), edge }),
    fss: buildFss({ ...servicesOf('fss'), edge }),
    operator: buildOperatorPages({ ...servicesOf('operator'), edge }),
  };

  const stream = { streamArn, client, pollInterval };
  const aggregator = startPolling(
    streamMappings.activeUsers,
    stream,
    buildAggregator(servicesOf('aggregate-active-users')),
  );
  const forwardMails = buildForwardMails({
    lines: { links: links.send, notices: notices.send },
    webhooks: webhooks.send,
    log,
  });
  const mails = startPolling(streamMappings.mails, stream, forwardMails);
  const sendMail = buildSendMail(servicesOf('send-mail'));
  let delivered = 0;
  for (const line of [links, notices]) {
    line.consume(async (message) => {
      throwIfFailed(await sendMail(messageOf(message)));
      if (line === notices) delivered += 1;
    });
  }
  const deliverWebhooks = buildDeliverWebhooks({
    ...servicesOf('deliver-webhooks'),
    post: openPostWebhook({ allowsLoopback: true }),
    postpone: (id, delay) => webhooks.send([id], delay),
  });
  webhooks.consume(async (message) => {
    throwIfFailed(await deliverWebhooks(messageOf(message)));
  });
  const discardItems = buildDiscarding(servicesOf('discard-items'));
  discarding.consume((message) => discardItems(messageOf(message), contextOf({ name: 'discard-items' })));
  const schedules = startSchedules(servicesOf, log);

  const turnstile = createTurnstile();
  const gateway = createGateway(handlers, clock, turnstile);
  const control = createControl({
    clock,
    turnstile,
    outbox,
    mailEvents: buildMailEvents(servicesOf('record-mail-event')),
    schedules: schedules.fire,
    updateMetadata: (signed) => {
      metadata = signed;
      return schedules.updateMetadata();
    },
    operator: buildOperator(servicesOf('run-operator-command')),
    drainMails: async () => {
      // The first round copies each e-mail to all privileged administrators. The second round sends the copies.
      for (let round = 1; round <= 2; round += 1) {
        const before = delivered;
        await mails.drain();
        await Promise.all([links.drain(), notices.drain()]);
        if (delivered === before) return; // only a notice can be copied
      }
    },
    aggregator,
    dns,
    url,
    timeZone,
    people: () => people?.(table) ?? Promise.resolve([]),
    shop: options.shop ?? (() => undefined),
    requestLink: async (email) => {
      // The local service resets the number of links that were sent to the address, so that the user can sign in as a
      // demo person more often than the limit allows.
      await transact(table, { limit: dropLinkLimit(anonymousBucket(email).of) });
      await requestSignInLink(services, { email });
    },
    table,
  });
  const console = consoleFolder === undefined ? () => undefined : createConsole(consoleFolder);
  server.on('request', (request, response) => {
    // A website must not read the outbox, even if its host name resolves to the address of this machine.
    if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? '')) {
      response.writeHead(421).end();
      return;
    }
    const answer = control(request) ?? console(request) ?? gateway;
    answer(request, response).catch((error: unknown) => {
      log.error('the local service failed', { error });
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });

  return {
    url,
    table,
    clock,
    outbox,
    async stop() {
      schedules.stop();
      server.close();
      server.closeAllConnections();
      await Promise.all([aggregator.stop(), mails.stop()]);
      await Promise.all([links, notices, webhooks, discarding].map((queue) => queue.stop()));
      for (const { client } of [table, ...opened]) client.destroy();
    },
  };
}

/** Returns the event in which SQS delivers a message of a queue to a function. */
const messageOf = (message: unknown) =>
  ({ Records: [{ messageId: '1', body: JSON.stringify(message) }] }) as Pick<SQSEvent, 'Records'>;

/** Throws an error if a function reports that it could not handle the message of an event. */
function throwIfFailed({ batchItemFailures }: SQSBatchResponse): void {
  if (batchItemFailures.length > 0) throw new Error('The function could not handle the message.');
}
