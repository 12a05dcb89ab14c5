import type { SNSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { build, handler } from '../../functions/events/record-mail-event.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { MONTH, openAlerts, THRESHOLD } from '../support/metering/alerts.ts';
import { engineEndpoint } from '../support/engine.ts';
import { mailServices } from '../support/mail-services.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';
import { dyingAt, InjectedFault } from '../support/table-faults.ts';

/** SES events that follow the examples for event publishing in the SES developer guide. */
const kinds = {
  permanent: {
    eventType: 'Bounce',
    bounce: {
      feedbackId: '0100017 1ae2',
      bounceType: 'Permanent',
      bounceSubType: 'General',
      bouncedRecipients: [{ emailAddress: 'x', action: 'failed', status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1' }],
      timestamp: '2026-11-10T09:00:04.000Z',
      reportingMTA: 'dsn; mta.example.com',
    },
  },
  transient: { eventType: 'Bounce', bounce: { bounceType: 'Transient', bounceSubType: 'MailboxFull' } },
  undetermined: { eventType: 'Bounce', bounce: { bounceType: 'Undetermined', bounceSubType: 'Undetermined' } },
  suppressed: { eventType: 'Bounce', bounce: { bounceType: 'Permanent', bounceSubType: 'OnAccountSuppressionList' } },
  complaint: { eventType: 'Complaint', complaint: { complainedRecipients: [], complaintFeedbackType: 'abuse' } },
  'complaint without a type': { eventType: 'Complaint', complaint: { complaintFeedbackType: null } },
  'not-spam': { eventType: 'Complaint', complaint: { complaintSubType: null, complaintFeedbackType: 'not-spam' } },
  'suppressed complaint': { eventType: 'Complaint', complaint: { complaintSubType: 'OnAccountSuppressionList' } },
  reject: { eventType: 'Reject', reject: { reason: 'Bad content' } },
};
interface About {
  readonly to: string;
  readonly messageId: string;
  readonly tags?: Record<string, string>;
}
/** Returns the event that SNS sends to Lambda. */
function eventOf(kind: keyof typeof kinds, { to, messageId, tags = {} }: About): SNSEvent {
  const lists = Object.entries({ 'ses:configuration-set': 'events', ...tags }).map(([name, value]) => [name, [value]]);
  const mail = {
    timestamp: '2026-11-10T09:00:00.000Z',
    source: 'no-reply@example.com',
    sendingAccountId: '123456789012',
    messageId,
    destination: [to],
    headersTruncated: false,
    headers: [{ name: 'To', value: to }],
    commonHeaders: { to: [to], messageId, subject: 'Your monthly active users exceed your threshold' },
    tags: Object.fromEntries(lists) as object,
  };
  return snsEvent(JSON.stringify({ ...kinds[kind], mail }));
}
function snsEvent(Message: string): SNSEvent {
  return { Records: [{ EventSource: 'aws:sns', EventVersion: '1.0', Sns: { Message } }] } as unknown as SNSEvent;
}

describe('the function record-mail-event', () => {
  let alerts: Awaited<ReturnType<typeof openAlerts>>;
  let customer: Awaited<ReturnType<typeof alerts.exceed>>;
  let about: About;
  beforeEach(async () => {
    alerts = await openAlerts();
    customer = await alerts.exceed();
    const { customerId, email } = customer;
    about = {
      to: email,
      messageId: 'message-1',
      tags: { customerId, month: MONTH, threshold: String(THRESHOLD) },
    };
  });
  const told = (kind: keyof typeof kinds, of = about) => build(alerts.services)(eventOf(kind, of));
  const bounced = { month: MONTH, threshold: THRESHOLD, status: 'bounced' };

  it.each(['permanent', 'transient', 'undetermined', 'suppressed', 'suppressed complaint', 'reject'] as const)(
    'marks an alert as bounced after an SES event of the kind "%s"',
    async (kind) => {
      await alerts.run();
      await told(kind);
      await told(kind);
      expect(await customer.notification()).toMatchObject(bounced);
      expect(await alerts.decisions()).toMatchObject([bounced]);
      expect(await alerts.run()).toMatchObject({ decided: 0, sent: 0 });
    },
  );

  it.each(['complaint', 'complaint without a type', 'not-spam'] as const)(
    'leaves an alert as sent after an SES event of the kind "%s", because the e-mail was delivered',
    async (kind) => {
      await alerts.run();
      await told(kind);
      expect(await customer.notification()).toMatchObject({ status: 'sent' });
      expect(await alerts.decisions()).toMatchObject([{ status: 'sent' }]);
      await told('permanent');
      expect(await customer.notification()).toMatchObject(bounced);
    },
  );

  it('does not mark an alert as bounced after an event about another e-mail', async () => {
    await alerts.run();
    await told('transient', { ...about, messageId: 'message-2' });
    await told('transient', { ...about, tags: {} });
    expect(await customer.notification()).toMatchObject({ status: 'sent' });
  });

  it('marks an alert as bounced even if the SES event arrives before the service records the alert as sent', async () => {
    const send = async () => {
      await told('transient');
      return 'message-1';
    };
    await alerts.run({ mailer: { send } });
    expect(await customer.notification()).toMatchObject(bounced);
    expect(await alerts.decisions()).toMatchObject([{ ...bounced, messageId: 'message-1' }]);
  });

  it('prevents a second e-mail for a bounced alert even if the process that sent the first e-mail died afterwards', async () => {
    await alerts.run({ own: dyingAt(alerts.table, 3, 'before') });
    expect(await alerts.decisions()).toMatchObject([{ status: 'pending' }]);
    await told('transient');
    alerts.pass(11 * MINUTE);
    expect(await alerts.run()).toMatchObject({ sent: 0 });
    expect(await alerts.decisions()).toMatchObject([bounced]);
    expect(customer.asked()).toBe(1);
  });

  it('does not replace a later alert in the Customer view when an earlier alert bounces', async () => {
    await alerts.run();
    await customer.set({ enabled: true, threshold: 700 });
    await alerts.run();
    await told('transient');
    expect(await customer.notification()).toMatchObject({ threshold: 700, status: 'sent' });
    expect(await alerts.decisions()).toMatchObject([{ threshold: 700, status: 'sent' }, bounced]);
  });

  it('fails if the table fails, so that SNS delivers the event again', async () => {
    const services = {
      ...alerts.services,
      table: { ...alerts.table, client: { send: () => Promise.reject(new InjectedFault('no table')) } },
    } as unknown as typeof alerts.services;
    await expect(build(services)(eventOf('permanent', about))).rejects.toThrow('no table');
  });

  it('creates no item if the customer of the alert no longer exists', async () => {
    const before = await alerts.dump();
    const gone = { customerId: 'cus_00000000000000000000', month: MONTH, threshold: '800' };
    await told('permanent', { to: 'nobody@example.com', messageId: 'message-1', tags: gone });
    expect(await alerts.dump()).toEqual(before);
  });

  it('only logs an SNS message that reports no undelivered e-mail', async () => {
    const before = await alerts.dump();
    const others = [
      'Successfully validated SNS topic for Amazon SES event publishing.',
      '{}',
      '{"eventType":"Delivery","mail":{}}',
      JSON.stringify({
        ...kinds.permanent,
        mail: { messageId: 'message-1', destination: [customer.email, 'bob@example.com'], tags: {} },
      }),
      'null',
    ];
    for (const message of others) await build(alerts.services)(snsEvent(message));
    expect(await alerts.dump()).toEqual(before);
    expect(alerts.lines.filter(({ message }) => message === 'a message from SES is not a mail event')).toHaveLength(
      others.length,
    );
  });
});

describe('the address of a representative', () => {
  let service: TestService;
  let alice: SignedUp;
  beforeAll(async () => {
    service = await startTestService();
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    alice = await service.signUp();
  });
  const told = async (kind: keyof typeof kinds, to = alice.email) => {
    const { services } = mailServices(openTable(service.tableName, localClientConfig(await engineEndpoint())));
    await build(services)(eventOf(kind, { to, messageId: 'message' }));
  };
  const representative = async (as = alice.session) =>
    ((await service.send('GET /v1/customer', { as })).body as CustomerView).representative;

  it.each(['permanent', 'suppressed', 'complaint', 'complaint without a type', 'suppressed complaint'] as const)(
    'is shown as undeliverable in the Customer view after an SES event of the kind "%s"',
    async (kind) => {
      expect(await representative()).not.toHaveProperty('undeliverable');
      await told(kind, alice.email.toUpperCase());
      expect(await representative()).toMatchObject({ email: alice.email, undeliverable: true });
    },
  );

  it.each(['transient', 'undetermined', 'not-spam', 'reject'] as const)(
    'is not shown as undeliverable after an SES event of the kind "%s"',
    async (kind) => {
      await told(kind);
      expect(await representative()).not.toHaveProperty('undeliverable');
    },
  );

  it('stays undeliverable after an event that says nothing about further e-mails', async () => {
    await told('permanent');
    await told('not-spam');
    await told('transient');
    expect(await representative()).toMatchObject({ undeliverable: true });
  });

  it('is no longer shown as undeliverable after somebody opens a link that was sent to the address', async () => {
    await told('permanent');
    const session = await service.signIn(alice.email);
    expect(await representative(session)).not.toHaveProperty('undeliverable');
  });

  it('is no longer shown as undeliverable after the representative changes the address', async () => {
    await told('permanent');
    const email = service.newEmail();
    await service.send('PUT /v1/administrators/me/email', { as: alice.session, body: { email } });
    await service.send('POST /v1/email-confirmations', { body: { token: await service.linkTo(email) } });
    const old = alice.email;
    alice = { ...alice, session: await service.signIn(email) };
    expect(await representative()).toMatchObject({ email });
    expect(await representative()).not.toHaveProperty('undeliverable');
    await told('permanent', old);
    expect(await representative()).not.toHaveProperty('undeliverable');
  });
});

it('the handler of record-mail-event throws when it runs without its environment variables, but not when it is imported', () => {
  expect(() => handler({ Records: [] })).toThrow('The environment variable TABLE_NAME is not set.');
});
