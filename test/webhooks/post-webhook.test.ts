import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openPostWebhook } from '../../functions/network/post-webhook.ts';
import { startReceiver } from '../support/webhooks.ts';

let receivers: Awaited<ReturnType<typeof startReceiver>>[] = [];
afterEach(() => {
  for (const { stop } of receivers) stop();
  receivers = [];
});
async function receiver(...options: Parameters<typeof startReceiver>) {
  const started = await startReceiver(...options);
  receivers.push(started);
  return started;
}
const headers = { 'content-type': 'application/json', 'webhook-id': 'msg_1' };
const body = '{"type":"webhook.test","name":"テスト"}';
const requestTo = (url: string) => ({ url, headers, body });
const post = openPostWebhook({ allowsLoopback: true });

describe('the request to the receiver of a webhook', () => {
  it('has the method POST, the headers and the body, and returns the status', async () => {
    const { url, received } = await receiver((_, response) => response.writeHead(202).end('thank you'));
    expect(await post(requestTo(url))).toEqual({ status: 202 });
    expect(received).toMatchObject([{ method: 'POST', headers, body }]);
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect with the status %i', async (status) => {
    const target = await receiver();
    const { url } = await receiver((_, response) => response.writeHead(status, { location: target.url }).end());
    expect(await post(requestTo(url))).toEqual({ status });
    expect(target.received).toEqual([]);
  });

  it('ends when the receiver does not answer in time', async () => {
    const { url, received } = await receiver(() => undefined);
    const impatient = openPostWebhook({ allowsLoopback: true, timeout: 200 });
    expect(await impatient(requestTo(url))).toEqual({ failure: 'timed-out' });
    expect(received).toHaveLength(1);
  });

  it('ends when the receiver switches to another protocol', async () => {
    const { url } = await receiver((request) =>
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    );
    expect(await post(requestTo(url))).toEqual({ status: 101 });
  });

  it('keeps the status of a response whose body never ends', async () => {
    const { url } = await receiver((_, response) => response.writeHead(200).write('slow'));
    const impatient = openPostWebhook({ allowsLoopback: true, timeout: 500 });
    expect(await impatient(requestTo(url))).toEqual({ status: 200 });
  });

  it('does not read a huge response to its end', async () => {
    let sent = 0;
    const { url } = await receiver((_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1_024))) sent += 1;
      };
      response.on('drain', more);
      more();
    });
    expect(await post(requestTo(url))).toEqual({ status: 200 });
    expect(sent).toBeLessThan(1_000);
  });

  it('fails when nobody listens, and when the connection ends without a response', async () => {
    const { url, stop } = await receiver();
    const { url: rude } = await receiver((request) => request.socket.destroy());
    stop();
    expect(await post(requestTo(url))).toEqual({ failure: 'unreachable' });
    expect(await post(requestTo(rude))).toEqual({ failure: 'unreachable' });
  });

  it('fails when the receiver has no valid TLS certificate', async () => {
    const { port } = await receiver();
    expect(await post(requestTo(`https://127.0.0.1:${port}/`))).toEqual({ failure: 'unreachable' });
  });
});

describe('in AWS, the request to the receiver of a webhook', () => {
  const inAws = openPostWebhook();

  it.each([
    'http://127.0.0.1:9/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:a9fe:a9fe]/',
    'https://0.0.0.0/',
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://localhost/',
  ])('is refused for %s', async (url) => {
    expect(await inAws(requestTo(url))).toEqual({ failure: 'private-address' });
  });

  it('does not reach a receiver on this machine', async () => {
    const { url, received } = await receiver();
    expect(await inAws(requestTo(url))).toEqual({ failure: 'private-address' });
    expect(received).toEqual([]);
  });

  /** Returns a resolver that resolves every name to the addresses. */
  const resolvingTo =
    (...addresses: string[]): LookupFunction =>
    (_, options, callback) => {
      const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all === true) callback(null, all);
      else callback(null, addresses[0] ?? '', all[0]?.family);
    };

  it.each([
    ['a private address', ['10.1.2.3']],
    ['the address of the metadata of the instance', ['169.254.169.254']],
    ['a public and a private address', ['203.0.113.7', '127.0.0.1']],
    ['a private IPv6 address', ['fd12:3456:789a::1']],
  ])('is refused for a name that leads to %s', async (_, addresses) => {
    const resolved = openPostWebhook({ lookup: resolvingTo(...addresses) });
    expect(await resolved(requestTo('https://receiver.example/'))).toEqual({ failure: 'private-address' });
  });

  it('is refused for a name that led to a public address at an earlier request', async () => {
    const { port, received } = await receiver();
    const addresses = ['203.0.113.7', '127.0.0.1'];
    const seen: string[] = [];
    const rebinding = openPostWebhook({
      timeout: 300,
      lookup: (name, options, callback) => {
        seen.push(name);
        resolvingTo(addresses.shift() ?? '127.0.0.1')(name, options, callback);
      },
    });
    await rebinding(requestTo(`https://receiver.example:${port}/`));
    expect(await rebinding(requestTo(`https://receiver.example:${port}/`))).toEqual({ failure: 'private-address' });
    expect([seen.length, received]).toEqual([2, []]);
  });

  it('fails for a name that does not exist', async () => {
    const failing: LookupFunction = (name, _, callback) => {
      callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }), '');
    };
    const resolved = openPostWebhook({ lookup: failing });
    expect(await resolved(requestTo('https://receiver.example/'))).toEqual({ failure: 'unreachable' });
  });
});
