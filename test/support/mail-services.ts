import { sendMail, type SendMailServices } from '../../functions/domain/mail/send-mail.ts';
import type { PlanServices } from '../../functions/domain/licenses/plans.ts';
import type { Message } from '../../functions/email/mailer.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import type { TestTable } from './engine.ts';
import { examplePlans } from './example-plans.ts';

/**
 * Creates the services with which a test sends the e-mails that wait in a table. The test can set the clock, and read
 * the log and the metrics. An outbox replaces SES.
 */
export function mailServices(table: Table) {
  const outbox: Message[] = [];
  const lines: unknown[] = [];
  /** The e-mails that were postponed, each with its delay in milliseconds. */
  const postponed: (readonly [mailId: string, delay: number])[] = [];
  const clock = { time: Date.parse('2026-11-22T09:00:00Z'), now: () => clock.time };
  const metrics: (readonly [name: string, value: number])[] = [];
  const line = (message: string, fields?: Record<string, unknown>) => void lines.push({ message, ...fields });
  const services: SendMailServices & PlanServices = {
    table,
    clock,
    log: { info: line, warn: line, error: line },
    plans: examplePlans,
    mailer: {
      send: (message) => {
        outbox.push(message);
        return Promise.resolve(`message-${outbox.length}`);
      },
    },
    metrics: { add: (name, value) => void metrics.push([name, value]) },
    timeZone: 'UTC',
    contact: 'sales@example.com',
    postpone: (mailId, delay) => {
      postponed.push([mailId, delay]);
      return Promise.resolve();
    },
    consoleUrl: 'https://console.example',
  };
  return { services, clock, outbox, lines, metrics, postponed };
}

/** Returns the token of an e-mailed link. Throws if the text has no link. */
export function tokenIn({ text }: Message): string {
  const token = /#token=(lnk_[\w-]+)$/m.exec(text)?.[1];
  if (token === undefined) throw new Error(`There is no link in "${text}"`);
  return token;
}

/**
 * Returns functions that find and send the e-mails that wait in a table. Each function calls `latest` to get the table
 * and the services, because each test opens a new table.
 */
export function waitingMails(latest: () => Pick<TestTable, 'dump'> & { mail: ReturnType<typeof mailServices> }) {
  /** Returns the IDs of the e-mails that wait to be sent. */
  const waiting = async () =>
    (await latest().dump()).flatMap(({ mailId }) => (typeof mailId === 'string' ? [mailId] : []));
  /** Sends the waiting e-mails, and the e-mails that are stored meanwhile. */
  async function sendWaiting(): Promise<void> {
    for (let ids = await waiting(); ids.length > 0; ids = await waiting()) {
      for (const mailId of ids) await sendMail(latest().mail.services, mailId);
    }
  }
  return { waiting, sendWaiting };
}
