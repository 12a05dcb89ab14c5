import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBlobSigner, entryFor } from '../support/fido2/metadata.ts';
import type { Edit } from './cloud/templates.ts';
import { deployJourney, type Journey } from './journey.ts';

/** A server on this machine that stands for the FIDO Alliance's. */
let server: Server;
let blob = '';
let journey: Journey;
beforeAll(async () => {
  server = createServer((_, response) => response.end(blob)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  journey = await deployJourney({ edits: [withMetadataFrom(`http://127.0.0.1:${port}/`)] });
});
afterAll(async () => {
  await journey.stop();
  server.closeAllConnections();
  server.close();
});

/** Returns the edit with which `update-metadata` downloads from another URL. */
const withMetadataFrom =
  (url: string): Edit =>
  (resources) => {
    for (const { Type, Properties } of resources) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
      if ('METADATA_URL' in Variables) Variables['METADATA_URL'] = url;
    }
  };
const items = async () =>
  (await journey.table.client.send(new ScanCommand({ TableName: journey.table.name, ConsistentRead: true }))).Items;

it('the bundle of update-metadata refuses metadata that the FIDO Alliance did not sign, and stores nothing', async () => {
  const signer = await createBlobSigner();
  const entries = [entryFor('11111111-2222-3333-4444-555555555555', signer.root)];
  const signed = signer.sign(1, entries).blob;
  const [, payload = ''] = signed.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
  const before = await items();

  for (const [sent, reason] of [
    [unsigned, 'The metadata is not a JWT with certificates'],
    [signed, 'The certificates of the metadata do not lead to a trusted root'],
  ] as const) {
    blob = sent;
    await expect(journey.send('POST /_local/schedules/update-metadata')).resolves.toEqual({
      outcome: 'refused',
      reason,
    });
  }

  expect(await items()).toEqual(before);
  expect(journey.log).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'the metadata was not updated' }),
  );
  // The alarm rings when this metric is missing.
  expect(journey.log.filter(({ fields }) => fields['name'] === 'CurrentMetadata')).toEqual([]);
  expect(journey.cloud.denials).toEqual([]);
});
