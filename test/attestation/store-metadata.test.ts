import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { findMetadata } from '../../functions/domain/attestation/find-metadata.ts';
import { ZERO_AAGUID } from '../../functions/domain/attestation/judge-attestation.ts';
import { keyIdentifierOf } from '../../functions/domain/attestation/key-identifier.ts';
import type { Metadata } from '../../functions/domain/attestation/read-blob.ts';
import { storeMetadata } from '../../functions/domain/attestation/store-metadata.ts';
import { readMetadata, readMetadataIndex, type MetadataEntry } from '../../functions/table/metadata.ts';
import { createCertificate } from '../support/fido2/certificates.ts';
import { openTestTable, stopEngine, type TestTable } from '../support/engine.ts';
import { anotherClient, dyingAt, InjectedFault, meanwhile } from '../support/table-faults.ts';

const aaguidOf = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
/** A root certificate as the table stores it. Storing does not look into it. */
const ROOT = new Uint8Array([0x30, 0x00]);
let test: TestTable;

beforeEach(async () => {
  test = await openTestTable();
});
afterAll(stopEngine);

/** Returns a metadata entry with a status. */
const entry = (number: number, status = 'FIDO_CERTIFIED_L1', changes: Partial<MetadataEntry> = {}): MetadataEntry => ({
  aaguid: aaguidOf(number),
  keyIdentifiers: [],
  name: `Key ${number}`,
  attestationTypes: ['basic_full'],
  roots: [ROOT],
  statusReports: [{ status }],
  ...changes,
});
/** Returns the content of the BLOB `no` with entries under their AAGUIDs. */
const blob = (no: number, ...entries: MetadataEntry[]): Metadata => ({
  no,
  nextUpdate: '2026-12-31',
  entries: new Map(entries.map((each) => [each.aaguid ?? '', each])),
  unusable: 0,
});
/** Returns the status of each stored entry, by the number in its AAGUID. */
async function statuses(): Promise<Record<number, string>> {
  const items = await test.dump();
  return Object.fromEntries(
    items
      .filter(({ pk }) => pk !== 'METADATA#NUMBER')
      .map((item) => item as unknown as MetadataEntry)
      .map(({ aaguid, statusReports }) => [Number(aaguid?.slice(-12)), statusReports[0]?.status ?? '']),
  );
}

describe('storeMetadata', () => {
  it('stores the entries and the number of the BLOB', async () => {
    const stored = await storeMetadata(test.table, blob(5, entry(1), entry(2, 'REVOKED')));

    expect(stored).toEqual({ outcome: 'stored', no: 5, written: 2, deleted: 0, tooLarge: 0 });
    expect(await statuses()).toEqual({ 1: 'FIDO_CERTIFIED_L1', 2: 'REVOKED' });
    expect(await readMetadata(test.table, aaguidOf(1))).toMatchObject({ ...entry(1), roots: [ROOT], no: 5 });
    expect(await readMetadataIndex(test.table)).toMatchObject({ no: 5, nextUpdate: '2026-12-31', unfinished: null });
  });

  it('writes only the entries that changed, and deletes those that are gone', async () => {
    await storeMetadata(test.table, blob(5, entry(1), entry(2), entry(3)));
    const stored = await storeMetadata(test.table, blob(6, entry(1), entry(2, 'REVOKED'), entry(4)));

    expect(stored).toMatchObject({ outcome: 'stored', written: 2, deleted: 1 });
    expect(await statuses()).toEqual({ 1: 'FIDO_CERTIFIED_L1', 2: 'REVOKED', 4: 'FIDO_CERTIFIED_L1' });
    expect(await readMetadata(test.table, aaguidOf(1))).toMatchObject({ no: 5 });
    expect(await readMetadata(test.table, aaguidOf(2))).toMatchObject({ no: 6 });
  });

  it('changes nothing if the number is the same or lower', async () => {
    await storeMetadata(test.table, blob(5, entry(1, 'REVOKED')));
    const before = await test.dump();

    expect(await storeMetadata(test.table, blob(5, entry(1)))).toMatchObject({ outcome: 'unchanged', written: 0 });
    expect(await storeMetadata(test.table, blob(4, entry(1)))).toMatchObject({ outcome: 'older', written: 0 });
    expect(await test.dump()).toEqual(before);
  });

  it('stores 120 entries in several transactions, and a second BLOB without them deletes all', async () => {
    const many = Array.from({ length: 120 }, (_, index) => entry(index + 1));

    expect(await storeMetadata(test.table, blob(1, ...many))).toMatchObject({ outcome: 'stored', written: 120 });
    expect(Object.keys(await statuses())).toHaveLength(120);
    expect(await storeMetadata(test.table, blob(2))).toMatchObject({ outcome: 'stored', deleted: 120 });
    expect(await statuses()).toEqual({});
  });

  it('leaves out an entry that is too large for an item, and deletes what an earlier BLOB said about it', async () => {
    await storeMetadata(test.table, blob(1, entry(1), entry(2)));
    const large = entry(1, 'FIDO_CERTIFIED_L1', { roots: [new Uint8Array(390_000)] });

    expect(await storeMetadata(test.table, blob(2, large, entry(2)))).toMatchObject({
      outcome: 'stored',
      deleted: 1,
      tooLarge: 1,
    });
    expect(Object.keys(await statuses())).toEqual(['2']);
  });
});

describe('two runs at once', () => {
  it('that store the same BLOB store it once', async () => {
    const metadata = blob(5, ...Array.from({ length: 60 }, (_, index) => entry(index + 1)));
    const runs = await Promise.all(Array.from({ length: 6 }, () => storeMetadata(anotherClient(test.table), metadata)));

    expect(runs.filter(({ outcome }) => outcome === 'stored')).toHaveLength(1);
    expect(runs.filter(({ outcome }) => outcome === 'older')).toEqual([]);
    expect(Object.keys(await statuses())).toHaveLength(60);
    expect(await readMetadataIndex(test.table)).toMatchObject({ no: 5, unfinished: null });
  });

  it.each([1, 2, 3, 4])(
    'never leave an entry of the older BLOB behind (the newer run works before write %i of the older run)',
    async (write) => {
      const some = Array.from({ length: 60 }, (_, index) => entry(index + 10));
      await storeMetadata(test.table, blob(9, entry(1), ...some));
      // The older BLOB changes entry 1, which the newer BLOB does not, and adds entry 2, which the newer one lacks.
      const older = blob(10, entry(1, 'UPDATE_AVAILABLE'), entry(2), ...some.map((each) => ({ ...each, name: 'New' })));
      const newer = blob(11, entry(1), entry(3, 'REVOKED'), ...some);
      const run = await storeMetadata(
        meanwhile(test.table, () => storeMetadata(test.table, newer), write),
        older,
      );

      expect(run.outcome).toBe('overtaken');
      expect(await statuses()).toEqual({
        1: 'FIDO_CERTIFIED_L1',
        3: 'REVOKED',
        ...Object.fromEntries(some.map((_, index) => [index + 10, 'FIDO_CERTIFIED_L1'])),
      });
      expect(await readMetadata(test.table, aaguidOf(10))).toMatchObject({ name: 'Key 10' });
      expect(await readMetadataIndex(test.table)).toMatchObject({ no: 11, unfinished: null });
    },
  );
});

describe('a run whose process dies', () => {
  const first = blob(1, entry(1), entry(2));
  const second = blob(2, entry(1, 'REVOKED'), entry(3));
  const deaths = [1, 2, 3].flatMap((nth) => (['before', 'after'] as const).map((when) => [when, nth] as const));

  it.each(deaths)('%s write %i is completed by the next run with the same BLOB', async (when, nth) => {
    await storeMetadata(test.table, first);
    await expect(storeMetadata(dyingAt(test.table, nth, when), second)).rejects.toThrow(InjectedFault);
    await storeMetadata(test.table, second);

    expect(await statuses()).toEqual({ 1: 'REVOKED', 3: 'FIDO_CERTIFIED_L1' });
    expect(await readMetadataIndex(test.table)).toMatchObject({ no: 2, unfinished: null });
  });

  it.each(deaths)('%s write %i leaves nothing behind after the next BLOB', async (when, nth) => {
    await storeMetadata(test.table, first);
    await expect(storeMetadata(dyingAt(test.table, nth, when), second)).rejects.toThrow(InjectedFault);
    // The third BLOB says the same as the first. So only the marks in the index tell what the second has changed.
    await storeMetadata(test.table, { ...first, no: 3 });

    expect(await statuses()).toEqual({ 1: 'FIDO_CERTIFIED_L1', 2: 'FIDO_CERTIFIED_L1' });
    expect(await readMetadataIndex(test.table)).toMatchObject({ no: 3, unfinished: null });
  });

  it('keeps older BLOBs out as soon as it has written', async () => {
    await storeMetadata(test.table, first);
    await expect(storeMetadata(dyingAt(test.table, 1, 'after'), { ...second, no: 7 })).rejects.toThrow(InjectedFault);

    expect(await storeMetadata(test.table, { ...second, no: 6 })).toMatchObject({ outcome: 'older' });
  });
});

describe('findMetadata', () => {
  it('finds an authenticator by its AAGUID, and without one by the key that signed the attestation', async () => {
    const root = await createCertificate({ name: 'Root' });
    const leaf = await createCertificate({ name: 'Leaf', issuer: root });
    const identifier = keyIdentifierOf(leaf.der) ?? '';
    const u2f = entry(2, 'FIDO_CERTIFIED', { aaguid: null, keyIdentifiers: [identifier], name: 'U2F key' });
    await storeMetadata(test.table, {
      ...blob(1),
      entries: new Map([
        [aaguidOf(1), entry(1)],
        [identifier, u2f],
      ]),
    });
    const find = (aaguid: string, certificates: Uint8Array[]) => findMetadata(test, { aaguid, certificates });

    expect(await find(aaguidOf(1), [])).toMatchObject({ name: 'Key 1' });
    expect(await find(ZERO_AAGUID, [leaf.der])).toMatchObject({ name: 'U2F key' });
    expect(await find(aaguidOf(2), [leaf.der])).toBeUndefined();
    expect(await find(ZERO_AAGUID, [root.der])).toBeUndefined();
    expect(await find(ZERO_AAGUID, [])).toBeUndefined();
  });
});
