import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment } from '../../support/child-processes.ts';
import { freePort } from '../../../local/aws/engine.ts';
import type { OutboxMail } from '../../../local/aws/outbox.ts';

export interface NpmStartOptions {
  /** Whether to create the demo customers, which takes some seconds. @default false */
  readonly demo?: boolean;
  /** The port of the sample shop, which belongs to a demo customer. @default - no sample shop */
  readonly shopPort?: number;
  /** The service's time zone. @default 'UTC' */
  readonly timeZone?: string;
  /** The length, in hours, of the grace period that follows when a customer unsubscribes. @default 72 */
  readonly unsubscribeGraceHours?: number;
  /** Whether RPs must show a DNS record, as in production. @default false */
  readonly verifyDomains?: boolean;
}
export type NpmStarted = Awaited<ReturnType<typeof npmStart>>;

/** How long the service may take to start with the demo customers on a busy machine, in milliseconds. */
const PATIENCE = 240_000;

/**
 * Runs the same program as `npm start`, with the built console and the example plans, in its own process on a free port
 * and with its own data. `stop` ends the process and deletes the data. Throws an error with the output of the process
 * if the service does not start.
 */
export async function npmStart({
  demo = false,
  shopPort,
  timeZone = 'UTC',
  unsubscribeGraceHours = 72,
  verifyDomains = false,
}: NpmStartOptions = {}) {
  if (!existsSync('web/dist/index.html')) throw new Error('The console is not built. Build it first: npm run build');
  const dataDir = await mkdtemp(join(tmpdir(), 'browser-'));
  const port = await freePort();
  const child = spawn(process.execPath, ['test/browser/support/example-main.ts'], {
    env: childEnvironment({
      PORT: String(port),
      DATA_DIR: dataDir,
      DEMO: demo ? 'on' : 'off',
      ...(shopPort === undefined ? { SHOP: 'off' } : { SHOP_PORT: String(shopPort) }),
      SERVICE_TIME_ZONE: timeZone,
      UNSUBSCRIBE_GRACE_HOURS: String(unsubscribeGraceHours),
      VERIFY_DOMAINS: verifyDomains ? 'on' : 'off',
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'close');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));

  async function stop(): Promise<void> {
    child.kill('SIGTERM');
    await Promise.race([ended, sleep(10_000).then(kill)]);
    process.off('exit', kill);
    await rm(dataDir, { recursive: true, force: true });
  }
  const giveUpAt = performance.now() + PATIENCE;
  while (!said.includes('Press Ctrl-C to stop.')) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      await stop();
      throw new Error(`The service did not start. It said:\n${said}`);
    }
    await sleep(50);
  }

  const url = `http://localhost:${port}`;
  async function send(request: string, body?: unknown): Promise<unknown> {
    const [method = '', path = ''] = request.split(' ');
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${request} answered ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Returns the e-mails to an address, newest last. */
  async function mailsTo(email: string): Promise<OutboxMail[]> {
    return ((await send('GET /_local/mail')) as OutboxMail[]).filter(({ to }) => to === email);
  }

  /** Returns the newest link that was sent to an address. */
  async function linkTo(email: string): Promise<string> {
    const links = (await mailsTo(email)).flatMap(({ text }) => /^https?:\S+#token=\S+$/m.exec(text)?.[0] ?? []);
    const newest = links.at(-1);
    if (newest === undefined) throw new Error(`The outbox has no e-mail to ${email} with a link.`);
    return newest;
  }

  return {
    url,
    /**
     * Sends JSON, and returns the response's body. Throws unless the request succeeds. An example of `request` is `POST
     * /v1/customers`.
     */
    send,
    mailsTo,
    linkTo,
    /**
     * Requests a sign-in link for a demo person, as the button of the local page does. The service sends the link even
     * if the person has already requested as many links as the limit allows.
     */
    async requestDemoLink(email: string): Promise<void> {
      const body = new URLSearchParams({ email });
      const { status } = await fetch(`${url}/_local/sign-in`, { method: 'POST', body, redirect: 'manual' });
      if (status !== 303) throw new Error(`The local page sent no link to ${email}: ${status}.`);
    },
    /**
     * Sets the service's clock to a time, from which the clock continues to run. To set the browser's clock, use
     * `page.clock`.
     */
    setClock: (now: string) => send('PUT /_local/clock', { now }),
    /** Sets the service's clock back to real time. */
    resetClock: () => send('DELETE /_local/clock'),
    /** Runs the function of a schedule, such as `month-close`, and waits until the function ends. */
    fire: (schedule: string) => send(`POST /_local/schedules/${schedule}`),
    /** Waits until the MAU include every operation that has been reported. */
    drain: () => send('POST /_local/streams/drain'),
    /** Sends an operator command to the service, as `npm run operator` does. */
    operate: (request: object) =>
      send('POST /2015-03-31/functions/operator/invocations', { operator: 'olga', request }),
    /** Returns the service's log. */
    logged: () => readFile(join(dataDir, 'service.log'), 'utf8'),
    stop,
  };
}
