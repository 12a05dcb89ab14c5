import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metadataKey } from '../../functions/table/keys.ts';
import { createBlobSigner, entryFor, type BlobSigner } from '../support/fido2/metadata.ts';
import { stopEngine } from '../support/engine.ts';
import { startTestService, type TestService } from '../support/service.ts';

const AAGUID = '11111111-2222-3333-4444-555555555555';

describe('POST /_local/metadata', () => {
  let service: TestService;
  let signer: BlobSigner;
  beforeAll(async () => {
    service = await startTestService();
    signer = await createBlobSigner();
  });
  afterAll(async () => {
    await service.stop();
    await stopEngine();
  });
  /** Returns the body with a BLOB and the root of the test's signer. */
  const signed = (no: number, description: string) => ({
    blob: signer.sign(no, [entryFor(AAGUID, signer.root, { description })]).blob,
    root: Buffer.from(signer.root.der).toString('base64'),
  });

  /** Returns the name of the authenticator in the stored metadata. */
  const storedName = async () => {
    const { pk } = metadataKey(AAGUID);
    return (await service.dump()).find((item) => item['pk'] === pk)?.['name'];
  };

  it('leaves the metadata off until it receives a BLOB', async () => {
    expect((await service.send('POST /_local/schedules/update-metadata')).body).toEqual({ outcome: 'off' });
  });

  it('stores a BLOB that the given root verifies, and the schedule uses the BLOB from then on', async () => {
    const stored = await service.send('POST /_local/metadata', { body: signed(2, 'First name') });

    expect({ status: stored.status, body: stored.body }).toMatchObject({
      status: 200,
      body: { outcome: 'stored', no: 2, written: 1 },
    });
    expect(await storedName()).toBe('First name');
    const again = await service.send('POST /_local/schedules/update-metadata');
    expect(again.body).toMatchObject({ outcome: 'unchanged', no: 2 });
    const newer = await service.send('POST /_local/metadata', { body: signed(3, 'Second name') });
    expect(newer.body).toMatchObject({ outcome: 'stored', no: 3 });
    const older = await service.send('POST /_local/metadata', { body: signed(2, 'First name') });
    expect(older.body).toMatchObject({ outcome: 'older', no: 2 });
    expect(await storedName()).toBe('Second name');
  });

  it('takes a BLOB without a root for the FIDO Alliance’s, as text or as JSON', async () => {
    const { blob } = signed(9, 'Third name');
    const text = await service.send('POST /_local/metadata', { raw: blob, headers: { 'content-type': 'text/plain' } });
    const json = await service.send('POST /_local/metadata', { body: { blob } });

    for (const { status, body } of [text, json]) {
      expect({ status, body }).toEqual({
        status: 400,
        body: { error: 'The certificates of the metadata do not lead to a trusted root' },
      });
    }
  });

  it('says what to send if the body is something else', async () => {
    for (const raw of ['', '{}', 'null', '{"blob":1}', '{"blob":"e30.e30.e30","root":1}']) {
      const { status, body } = await service.send('POST /_local/metadata', { raw });
      expect({ raw, status, body }).toEqual({
        raw,
        status: 400,
        body: { error: 'Send the BLOB as text, or {"blob":"…","root":"…"}.' },
      });
    }
  });
});
