import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { updateMetadata, type MetadataServices } from '../../functions/domain/attestation/update-metadata.ts';
import { createCertificate } from '../support/fido2/certificates.ts';
import { openTestTable, stopEngine } from '../support/engine.ts';
import { createBlobSigner, entryFor, type BlobEntry } from '../support/fido2/metadata.ts';
import { anotherClient, measure, type Units } from '../support/table-faults.ts';

afterAll(stopEngine);

/** The number of entries, about as many as the FIDO Alliance's metadata has for FIDO2 and U2F. */
const ENTRIES = 400;

it('a run that finds nothing new only reads the index, and other runs write what changed and the index', async () => {
  const { table } = await openTestTable();
  const signer = await createBlobSigner();
  // Certificates with RSA keys always have the same size, so the units do not depend on chance.
  const roots = await Promise.all(['First Root', 'Other Root'].map((name) => createCertificate({ name, kind: 'RSA' })));
  // Each entry has two roots, and one in five has two key identifiers. Most of a real BLOB is icons, which are not
  // stored.
  const entries = Array.from({ length: ENTRIES }, (_, index): BlobEntry => {
    const aaguid = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
    const entry = entryFor(aaguid, signer.root, { statuses: ['FIDO_CERTIFIED', 'FIDO_CERTIFIED_L1'] });
    const attestationRootCertificates = roots.map(({ der }) => Buffer.from(der).toString('base64'));
    const keys = [1, 2].map((key) => `${key}${String(index).padStart(39, '0')}`);
    return {
      ...entry,
      metadataStatement: {
        ...entry.metadataStatement,
        attestationRootCertificates,
        icon: randomBytes(9000).toString('base64'),
      },
      ...(index % 5 === 0 && { attestationCertificateKeyIdentifiers: keys }),
    };
  });
  const revoked = entries.map((entry, index) =>
    index >= 10 ? entry : { ...entry, statusReports: [{ status: 'REVOKED', effectiveDate: '2026-11-01' }] },
  );

  /** Returns the units of a run with a BLOB. */
  async function unitsOf(no: number, list: readonly BlobEntry[]): Promise<Units> {
    const client = anotherClient(table);
    const units = measure(client);
    const services: MetadataServices = {
      table: client,
      clock: { now: () => Date.parse('2026-11-29T12:00:00Z') },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      metrics: { add: () => undefined },
      metadataSource: () => Promise.resolve(signer.sign(no, list)),
      refusalByLists: () => Promise.resolve(undefined),
    };
    await updateMetadata(services);
    return units;
  }

  // docs/cost.md contains these numbers.
  expect(await unitsOf(1, entries)).toEqual({ read: 9, write: 2846, finder: 0 });
  expect(await unitsOf(1, entries)).toEqual({ read: 16, write: 0, finder: 0 });
  expect(await unitsOf(2, revoked)).toEqual({ read: 16, write: 236, finder: 0 });
}, 60_000);
