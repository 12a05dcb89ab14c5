import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('unsubscribing a paid customer as the operator', () => {
  let service: TestService;
  let folder: string;
  let alice: SignedUp;
  const operator = (...args: string[]) => runOperator(args, new URL(service.url).port);
  const unsubscribe = (...args: string[]) => operator('customer', 'unsubscribe', alice.customerId, ...args);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operator-'));
    service = await startTestService();
    await service.setClock('2026-10-20T09:00:00Z');
    alice = await service.signUp();
    await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 3 });
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it('requires the exact customer name and the name of a new file', async () => {
    const before = await service.dump();
    const withoutFile = await unsubscribe('--confirm', 'Example Corporation');
    expect([withoutFile.exitCode, withoutFile.stderr]).toEqual([1, expect.stringContaining('--statements-to')]);
    const misnamed = await unsubscribe('--confirm', 'Example', '--statements-to', join(folder, 'no.csv'));
    expect(misnamed.exitCode).toBe(1);
    expect(misnamed.stderr).toContain("--confirm: Must be the customer's name, as it is shown");
    const nowhere = await unsubscribe(
      '--confirm',
      'Example Corporation',
      '--statements-to',
      join(folder, 'no', 'm.csv'),
    );
    expect(nowhere.stderr).toContain('the file cannot be written');
    const kept = join(folder, 'kept.csv');
    await writeFile(kept, 'statements of another customer');
    const there = await unsubscribe('--confirm', 'Example Corporation', '--statements-to', kept);
    expect([there.exitCode, there.stderr]).toEqual([1, expect.stringContaining('the file already exists')]);
    expect(await readFile(kept, 'utf8')).toBe('statements of another customer');
    expect(await readdir(folder)).toEqual(['kept.csv']);
    expect(await service.dump()).toEqual(before);
  });

  it('waits less than a minute for the final statements, even if the clock is set back by 90 days', async () => {
    const { customerId } = await service.signUp('Short');
    await service.operate({ command: 'end-customer', customerId, confirmation: 'Short' });
    const now = service.now();
    await service.setClock(now - 90 * 24 * 60 * 60_000);
    const list = async () => (await service.operate({ command: 'list-final-statements', customerId })).result;
    expect(await list()).toEqual({ waitsUntil: expect.any(String) as string });
    await service.pass(40_000);
    expect(await list()).toMatchObject({ items: expect.any(Array) as unknown });
    const discarding = await service.operate({ command: 'discard-ended-customer', customerId });
    expect(discarding.result).toMatchObject({ unsubscription: { waitsFor: 'hourly-run' } });
    expect((await service.send('POST /_local/schedules/begin-discarding')).body).toMatchObject({ ended: 1 });
    await service.setClock(now);
  });

  it('accepts a name that differs from the typed name only in its spaces and its Unicode normalization form', async () => {
    const { customerId } = await service.signUp('Cafe\u0301\u00a0 Tokyo');
    const end = (confirmation: string) => service.operate({ command: 'end-customer', customerId, confirmation });
    expect((await end('Cafe Tokyo')).problem).toMatchObject({ type: '/problems/confirmation-mismatch' });
    expect((await end('Caf\u00e9 Tokyo')).result).toMatchObject({ customerId });
  });
});
