import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An HTTP endpoint with one bucket, in which the default retention of S3 Object Lock protects objects. */
export interface FakeS3 {
  readonly endpoint: string;
  /** The contents of all objects, by key. */
  readonly objects: ReadonlyMap<string, string>;
  /** How many objects the bucket has refused because there is an object of this key. */
  readonly refused: () => number;
  stop(): Promise<void>;
}

/**
 * Starts an endpoint that answers `PutObject` as S3 does: an object with the header `If-None-Match: *` replaces no
 * other object ("How to prevent object overwrites with conditional writes", Amazon S3 User Guide), and an object needs
 * a checksum because the bucket has a default retention ("PutObject", Amazon S3 API Reference).
 */
export async function startFakeS3(bucket: string): Promise<FakeS3> {
  const objects = new Map<string, string>();
  let refused = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await text(request);
      const fail = (status: number, code: string) => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
      };
      const [, name, ...parts] = new URL(request.url ?? '', 'http://localhost').pathname.split('/');
      const key = decodeURIComponent(parts.join('/'));
      const hasChecksum = Object.keys(request.headers).some((header) => /^(content-md5|x-amz-checksum-)/.test(header));
      if (request.method !== 'PUT') fail(405, 'MethodNotAllowed');
      else if (name !== bucket) fail(404, 'NoSuchBucket');
      else if (!hasChecksum) fail(400, 'InvalidRequest');
      else if (request.headers['if-none-match'] === '*' && objects.has(key)) {
        refused += 1;
        fail(412, 'PreconditionFailed');
      } else {
        objects.set(key, body);
        response.end();
      }
    })();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    refused: () => refused,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
