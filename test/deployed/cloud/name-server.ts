import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** A name server that knows only TXT records, for the queries of the functions. */
export interface NameServer {
  /** The address and port. */
  readonly address: string;
  /** Replaces the TXT records of a domain name. Upper and lower case are equal (RFC 1035, 2.3.3). */
  readonly set: (name: string, txt: readonly string[]) => void;
  stop(): void;
}

const TXT = 16;
const NO_SUCH_NAME = 3;
const MAX_STRING = 255;
/** The largest answer over UDP, in bytes. The client asks again over TCP for a larger one. */
const MAX_UDP = 512;

/** Starts a name server on the loopback interface (RFC 1035, 4). A name without records does not exist. */
export async function startNameServer(): Promise<NameServer> {
  const records = new Map<string, readonly string[]>();
  const keyOf = (name: string) => name.toLowerCase().replace(/\.$/, '');
  const answer = (query: Buffer) => answerTo(query, records.get(keyOf(nameIn(query))) ?? []);
  const overTcp = createServer((connection) => {
    // Over TCP, two bytes with the length come before each message. A query arrives in one piece.
    connection.on('data', (data) => {
      const answered = answer(data.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answered.length);
      connection.end(Buffer.concat([length, answered]));
    });
  });
  overTcp.listen(0, '127.0.0.1');
  await once(overTcp, 'listening');
  const { port } = overTcp.address() as AddressInfo;
  const socket = createSocket('udp4');
  socket.on('message', (query, { port: from, address }) => {
    const answered = answer(query);
    socket.send(answered.length <= MAX_UDP ? answered : truncated(query), from, address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${port}`,
    set: (name, txt) => void records.set(keyOf(name), txt),
    stop: () => {
      socket.close();
      overTcp.close();
    },
  };
}

/** Returns the name in the question of a query, which begins after the 12 bytes of the header. */
function nameIn(query: Buffer): string {
  const labels: string[] = [];
  for (let at = 12; query[at] !== undefined && query[at] !== 0; at += (query[at] ?? 0) + 1) {
    labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)));
  }
  return labels.join('.');
}

function answerTo(query: Buffer, texts: readonly string[]): Buffer {
  const endOfQuestion = query.indexOf(0, 12) + 5;
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (texts.length === 0 ? NO_SUCH_NAME : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(texts.length, 6);
  return Buffer.concat([header, query.subarray(12, endOfQuestion), ...texts.map(recordOf)]);
}

/** Returns the answer without records that makes the client ask again over TCP. */
function truncated(query: Buffer): Buffer {
  const answered = answerTo(query, []);
  answered.writeUInt16BE(0x8380, 2);
  return answered;
}

function recordOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const strings: Buffer[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += MAX_STRING) {
    const part = bytes.subarray(start, start + MAX_STRING);
    strings.push(Buffer.from([part.length]), part);
  }
  const data = Buffer.concat(strings);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(TXT, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
