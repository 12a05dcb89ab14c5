import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { lookUpTxt } from '../../functions/aws/dns.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';

/** The parts of a DNS response (RFC 1035, 4): its code, and the strings of each TXT record. */
interface Response {
  readonly code?: number;
  readonly records?: readonly (readonly string[])[];
  /** The name of which the name in the query is an alias. */
  readonly alias?: string;
}

const NAME = '_fido2-server.shop.example.com';
const TXT = 16;
const CNAME = 5;
let server: Socket;
afterEach(() => {
  server.close();
});

const encodeName = (name: string) =>
  Buffer.concat([...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])), Buffer.of(0)]);

/** Encodes a resource record. The name is a pointer to the name in the query, unless another one is given. */
function encodeRecord(type: number, data: Buffer, name = Buffer.of(0xc0, 12)): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, head, data]);
}

function encode(query: Buffer, { code = 0, records = [], alias }: Response): Buffer {
  const endOfQuestion = query.indexOf(0, 12) + 5;
  const answers = [
    ...(alias === undefined ? [] : [encodeRecord(CNAME, encodeName(alias))]),
    ...records.map((strings) =>
      encodeRecord(
        TXT,
        Buffer.concat(strings.map((text) => Buffer.from([text.length, ...Buffer.from(text)]))),
        alias === undefined ? undefined : encodeName(alias),
      ),
    ),
  ];
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x8180 | code, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(answers.length, 6);
  return Buffer.concat([head, query.subarray(12, endOfQuestion), ...answers]);
}

/** Starts a name server that gives one response to every query, or none at all. Looks up the TXT records of a name. */
async function lookUp(response: Response | undefined, name = NAME): Promise<readonly string[]> {
  server = createSocket('udp4');
  server.on('message', (query, { port }) => {
    if (response) server.send(encode(query, response), port, '127.0.0.1');
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  return lookUpTxt(name, [`127.0.0.1:${server.address().port}`]);
}

describe('a look-up of TXT records', () => {
  it('returns every record, and joins the strings of a record', async () => {
    const records = [['v=spf1 -all'], ['fido2-server-', 'verification=', 'abc'], ['']];
    expect([...(await lookUp({ records }))].sort()).toEqual(['', 'fido2-server-verification=abc', 'v=spf1 -all']);
  });

  it('returns the records of the name that an alias leads to', async () => {
    expect(await lookUp({ alias: 'txt.example.net', records: [['abc']] })).toEqual(['abc']);
  });

  it.each<[string, Response]>([
    ['the name does not exist', { code: 3 }],
    ['the name has no TXT record', {}],
  ])('returns an empty list if %s', async (_, response) => {
    expect(await lookUp(response)).toEqual([]);
  });

  it('returns an empty list for a name that is too long', async () => {
    expect(await lookUp({ records: [['abc']] }, `${'x'.repeat(60)}.`.repeat(5) + 'example.com')).toEqual([]);
  });

  it.each<[string, Response | undefined]>([
    ['an error', { code: 2 }],
    ['a refusal', { code: 5 }],
    ['nothing', undefined],
  ])('throws UnavailableError within 5 seconds if the name server responds with %s', async (_, response) => {
    const began = performance.now();
    await expect(lookUp(response)).rejects.toThrow(UnavailableError);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
