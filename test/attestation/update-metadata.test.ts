import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignedBlob } from '../../functions/domain/attestation/read-blob.ts';
import type { MetadataServices } from '../../functions/domain/attestation/update-metadata.ts';
import { build } from '../../functions/events/update-metadata.ts';
import { download } from '../../functions/network/download.ts';
import { refusalByLists } from '../../functions/network/revocation-lists.ts';
import { readMetadata, readMetadataIndex } from '../../functions/table/metadata.ts';
import { createCertificate, createRevocationList, type TestCertificate } from '../support/fido2/certificates.ts';
import { openTestTable, stopEngine, type TestTable } from '../support/engine.ts';
import { blobOf, createBlobSigner, entryFor, SIGNER, type BlobSigner } from '../support/fido2/metadata.ts';

const AAGUID = '11111111-2222-3333-4444-555555555555';

/** A server on this machine that stands for the servers of the FIDO Alliance and of certificate authorities. */
let server: Server;
let origin: string;
let respond: RequestListener;
let test: TestTable;
let signer: BlobSigner;

beforeAll(async () => {
  server = createServer((request, response) => {
    respond(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  signer = await createBlobSigner();
});
beforeEach(async () => {
  test = await openTestTable();
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stopEngine();
});

/** Runs the function `update-metadata` at a time. Returns its report, its metrics and the messages of its log. */
async function run(source: () => Promise<SignedBlob | undefined>, now = '2026-11-29T12:00:00Z') {
  const metrics: Record<string, number> = {};
  const logged: string[] = [];
  const log = (message: string) => {
    logged.push(message);
  };
  const services: MetadataServices = {
    table: test.table,
    clock: { now: () => Date.parse(now) },
    log: { info: log, warn: log, error: log },
    metrics: {
      add: (name, value) => {
        metrics[name] = (metrics[name] ?? 0) + value;
      },
    },
    metadataSource: source,
    refusalByLists,
  };
  const report = await build(services)();
  return { report, metrics, logged };
}
const given = (blob: SignedBlob) => () => Promise.resolve(blob);

describe('a run of update-metadata', () => {
  it('stores the metadata and reports that it is current', async () => {
    const { report, metrics, logged } = await run(given(signer.sign(1, [entryFor(AAGUID, signer.root)])));

    expect(report).toEqual({ outcome: 'stored', no: 1, written: 1, deleted: 0, tooLarge: 0 });
    expect({ metrics, logged }).toEqual({ metrics: { CurrentMetadata: 1 }, logged: ['metadata run'] });
    expect(await readMetadata(test.table, AAGUID)).toMatchObject({ name: 'Test key' });
  });

  it('stores the entries that it can use, and logs that it left others out', async () => {
    const { report, logged } = await run(given(signer.sign(1, [entryFor(AAGUID, signer.root), null])));

    expect(report).toMatchObject({ outcome: 'stored', written: 1 });
    expect(logged).toEqual(['metadata entries were left out', 'metadata run']);
  });

  it('does nothing without a source', async () => {
    expect(await run(() => Promise.resolve(undefined))).toEqual({
      report: { outcome: 'off' },
      metrics: {},
      logged: [],
    });
  });

  it('keeps the stored metadata and does not call it current if the metadata cannot be downloaded', async () => {
    await run(given(signer.sign(1, [entryFor(AAGUID, signer.root)])));
    const { report, metrics, logged } = await run(() => Promise.reject(new Error('The network is down')));

    expect(report).toEqual({ outcome: 'not-downloaded' });
    expect(metrics).toEqual({});
    expect(logged).toEqual(['the metadata could not be downloaded', 'the metadata was not updated']);
    expect(await readMetadata(test.table, AAGUID)).toBeDefined();
  });

  it('keeps the stored metadata and does not call it current if the signature is wrong or the BLOB is older', async () => {
    await run(given(signer.sign(5, [entryFor(AAGUID, signer.root)])));
    const { blob, ...others } = signer.sign(6, []);
    const forged = await run(given({ ...others, blob: `${blob.slice(0, -6)}AAAAAA` }));
    const older = await run(given(signer.sign(4, [])));

    expect(forged).toMatchObject({
      report: { outcome: 'refused', reason: 'The signature of the metadata is wrong' },
      metrics: {},
    });
    expect(older).toMatchObject({ report: { outcome: 'older' }, metrics: {} });
    expect(await readMetadataIndex(test.table)).toMatchObject({ no: 5 });
    expect(await readMetadata(test.table, AAGUID)).toBeDefined();
  });

  it('no longer calls the metadata current from the day after the date of the next update', async () => {
    const blob = given(signer.sign(1, [], '2026-12-01'));
    await run(blob);

    expect((await run(blob, '2026-12-01T23:59:59Z')).metrics).toEqual({ CurrentMetadata: 1 });
    const late = await run(blob, '2026-12-02T00:00:00Z');
    expect(late).toMatchObject({ report: { outcome: 'unchanged' }, metrics: {} });
    expect(late.logged).toEqual(['metadata run', 'the stored metadata is overdue']);
    const next = given(signer.sign(2, [], '2027-01-01'));
    expect((await run(next, '2026-12-02T00:00:00Z')).metrics).toEqual({ CurrentMetadata: 1 });
  });
});

describe('a certificate that signs metadata', () => {
  /** The URLs that a run opened. */
  let opened: string[];
  /** The bodies that the server sends, by path. */
  let lists: Map<string, Uint8Array>;
  beforeEach(() => {
    opened = [];
    lists = new Map();
    respond = ({ url = '' }, response) => {
      opened.push(url);
      const list = lists.get(url);
      response.writeHead(list ? 200 : 404).end(list);
    };
  });
  /** Returns a BLOB whose signing certificate names a revocation list, and the certificates. */
  async function withList(path: string) {
    const leaf = await createCertificate({
      name: 'Metadata',
      issuer: signer.authority,
      host: SIGNER,
      revocationList: `${origin}${path}`,
    });
    const content = { no: 1, nextUpdate: '2049-01-01', entries: [] };
    const jwt = (path: readonly TestCertificate[]) => blobOf(content, leaf, path);
    return { leaf, blob: { blob: jwt([leaf, signer.authority]), roots: [signer.root.der], signer: SIGNER } };
  }

  it('is refused if a revocation list contains it', async () => {
    const { leaf, blob } = await withList('/revoked');
    lists.set('/revoked', await createRevocationList(signer.authority, [leaf]));
    const { report, metrics } = await run(given(blob));

    expect(report).toEqual({
      outcome: 'refused',
      reason: expect.stringContaining('Found revoked certificate in certificate path') as string,
    });
    expect(metrics).toEqual({});
    expect(opened).toEqual(['/revoked']);
  });

  it('is accepted if the list does not contain it, or cannot be downloaded', async () => {
    const { blob } = await withList('/empty');
    lists.set('/empty', await createRevocationList(signer.authority, []));
    expect((await run(given(blob))).report).toMatchObject({ outcome: 'stored' });

    const { blob: other } = await withList('/missing');
    expect((await run(given(other))).report).toMatchObject({ outcome: 'unchanged' });
    expect(opened).toEqual(['/empty', '/missing']);
  });

  it('makes the run open no address if its path does not lead to the root', async () => {
    const { blob } = await withList('/never');
    const another = await createBlobSigner();
    const { report } = await run(given({ ...blob, roots: [another.root.der] }));

    expect(report).toMatchObject({ outcome: 'refused' });
    expect(opened).toEqual([]);
  });
});

describe('download', () => {
  const limits = { timeout: 300, maxBytes: 1_000, pause: 1 };
  let attempts = 0;
  beforeEach(() => {
    attempts = 0;
  });
  afterEach(() => {
    server.closeAllConnections();
  });
  /** Makes the server count the attempts and answer each one with `answer`. */
  const onAttempt = (answer: RequestListener) => {
    respond = (request, response) => {
      attempts += 1;
      answer(request, response);
    };
  };

  it('returns the text', async () => {
    onAttempt((_, response) => response.end('the text'));

    expect(await download(origin, limits)).toBe('the text');
    expect(attempts).toBe(1);
  });

  it('tries again after an error, at most three times', async () => {
    onAttempt((_, response) => response.writeHead(attempts < 3 ? 503 : 200).end('the text'));
    expect(await download(origin, limits)).toBe('the text');

    attempts = 0;
    onAttempt((_, response) => response.writeHead(503).end());
    await expect(download(origin, limits)).rejects.toThrow('answered with the status 503');
    expect(attempts).toBe(3);
  });

  it('throws if the server does not finish in time', async () => {
    onAttempt((_, response) => response.write('the beginning'));

    await expect(download(origin, limits)).rejects.toThrow(/timeout/);
    expect(attempts).toBe(3);
  });

  it('throws if the text is too long', async () => {
    onAttempt((_, response) => response.end('a'.repeat(1_001)));

    await expect(download(origin, limits)).rejects.toThrow('sent more than 1000 bytes');
  });

  it('throws if the connection breaks', async () => {
    onAttempt((request) => request.socket.destroy());

    await expect(download(origin, limits)).rejects.toThrow();
    expect(attempts).toBe(3);
  });
});
