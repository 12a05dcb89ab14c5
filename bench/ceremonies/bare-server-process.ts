import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { generateAuthenticationOptions, verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { AuthenticationResponse } from '../../functions/contract/values/webauthn.ts';
import type { Begun } from './designs/design.ts';
import type { BareServer } from './bare-servers.ts';

/**
 * Runs a bare server in this process, for a benchmark that starts the process with `fork`. The arguments are the kind
 * of the server, the file of its SQLite database, the RP ID and the origin. Sends the URL of the server to the
 * benchmark, and answers each of its messages with the CPU time that this process has used.
 */
const [kind = '', file = '', rpId = '', origin = ''] = process.argv.slice(2);
const database = new DatabaseSync(file);
// As servers usually set it: a write waits for the disk only when the log is moved into the database.
database.exec('PRAGMA synchronous = NORMAL');
const readPasskey = database.prepare('SELECT cose, spki, sign_count FROM passkey WHERE id = ?');
const updateCount = database.prepare('UPDATE passkey SET sign_count = ? WHERE id = ?');
const storeChallenge = database.prepare('INSERT INTO challenge VALUES (?)');
const consumeChallenge = database.prepare('DELETE FROM challenge WHERE challenge = ?');

interface SignInServer {
  readonly begin: () => Begun | Promise<Begun>;
  /** Verifies a response and stores the sign count. Throws an error if the response is refused. */
  readonly finish: (begun: Pick<Begun, 'ceremony'>, response: AuthenticationResponse) => void | Promise<void>;
}

const usual: SignInServer = {
  async begin() {
    const options = await generateAuthenticationOptions({ rpID: rpId });
    storeChallenge.run(options.challenge);
    return { ceremony: options.challenge, options };
  },
  async finish({ ceremony }, response) {
    if (consumeChallenge.run(ceremony).changes !== 1) throw new Error('The challenge is unknown.');
    const { cose, sign_count: counter } = readPasskey.get(response.id) as { cose: Uint8Array; sign_count: number };
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, response: { ...response.response, userHandle: undefined }, clientExtensionResults: {} },
      ...{ expectedChallenge: ceremony, expectedOrigin: origin, expectedRPID: rpId },
      credential: { id: response.id, publicKey: new Uint8Array(cose), counter },
    });
    if (!verified) throw new Error('The signature is wrong.');
    updateCount.run(authenticationInfo.newCounter, response.id);
  },
};

const floor: SignInServer = {
  begin() {
    const challenge = randomBytes(32).toString('base64url');
    return { ceremony: challenge, options: { challenge } };
  },
  finish(_, { id, response }) {
    const { spki } = readPasskey.get(id) as { spki: Uint8Array };
    const authenticatorData = Buffer.from(response.authenticatorData, 'base64url');
    const clientDataHash = createHash('sha256').update(Buffer.from(response.clientDataJSON, 'base64url')).digest();
    const publicKey = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    const signed = Buffer.concat([authenticatorData, clientDataHash]);
    if (!verify('sha256', signed, publicKey, Buffer.from(response.signature, 'base64url'))) {
      throw new Error('The signature is wrong.');
    }
    updateCount.run(authenticatorData.readUInt32BE(33), id);
  },
};

const servers: Record<BareServer, SignInServer> = { SimpleWebAuthn: usual, floor };
const { begin, finish } = servers[kind as BareServer];

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function answer(request: IncomingMessage): Promise<unknown> {
  const body = await bodyOf(request);
  if (request.url === '/options') return begin();
  const { ceremony, response } = JSON.parse(body) as { ceremony: string; response: AuthenticationResponse };
  await finish({ ceremony }, response);
  return { userId: response.response.userHandle };
}

const server = createServer((request, response) => {
  answer(request).then(
    (body) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    (error: unknown) => response.writeHead(400).end(JSON.stringify({ message: String(error) })),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
