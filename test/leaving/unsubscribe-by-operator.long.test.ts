import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('unsubscribing a paid customer as the operator', () => {
  let service: TestService;
  let folder: string;
  let alice: SignedUp;
  let apiKey: string;
  const operator = (...args: string[]) => runOperator(args, new URL(service.url).port);
  const unsubscribe = (...args: string[]) => operator('customer', 'unsubscribe', alice.customerId, ...args);
  const customers = async () => JSON.stringify(await service.dump());

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'operator-'));
    service = await startTestService();
    await service.setClock('2026-10-20T09:00:00Z');
    alice = await service.signUp();
    await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 3 });
    const rp = await service.newRp(alice.session);
    ({ apiKey } = await service.newApiKey(alice.session, rp.id));
    await service.registerUsers(apiKey, ['a', 'b', 'c', 'd', 'e']);
    await service.authenticateUsers(apiKey, ['a', 'b', 'c', 'd', 'e']);
    await service.setClock('2026-11-02T09:00:00Z');
    await service.authenticateUsers(apiKey, ['a', 'b']);
    await service.drain();
  });
  afterAll(async () => {
    await service.stop();
    await rm(folder, { recursive: true });
  });

  it('closes the open months and writes all statements to the file before the service discards any item', async () => {
    const { customerId } = alice;
    await service.operate({ command: 'end-customer', customerId, confirmation: 'Example Corporation' });
    expect((await service.send('GET /v1/customer', { as: alice.session })).status).toBe(401);
    // The command line waits before it sends the command `discard-ended-customer`. The operator's function refuses the
    // command if the command arrives too early.
    const early = await service.operate({ command: 'discard-ended-customer', customerId });
    expect(early.problem).toMatchObject({ status: 400 });
    await service.pass(41_000);
    const waiting = await operator('customer', 'show', alice.customerId);
    expect(waiting.stdout).toContain('waiting for its final statements');
    // `customer show` shows that the last license has ended. The command shows no counts of items before the discarding
    // begins.
    expect(waiting.stdout).toMatch(/^Last license\n {2}Type +business, ended$/m);
    expect(waiting.stdout).toMatch(/^ {2}business +ended +\S+ +2036-01-01T00:00:00Z/m);
    expect(waiting.stdout).not.toMatch(/, active|in force|[Uu]pcoming|FOUND/);
    expect((await operator('customer', 'list')).stdout).toMatch(/ {2}discarding {2}business {2}/);
    const json = JSON.parse((await operator('customer', 'show', customerId, '--json')).stdout) as object;
    expect(json).toMatchObject({
      status: 'unsubscribing',
      licenseStatus: 'ended',
      licenseInForce: { type: 'business' },
    });
    // The service may still be discarding the customer of the previous test, so the hourly function `begin-discarding`
    // may count this customer in `resumed`.
    const { body } = await service.send('POST /_local/schedules/begin-discarding');
    expect(body).toMatchObject({ ended: 0 });

    const file = join(folder, 'statements.csv');
    const { exitCode, stdout, stderr } = await unsubscribe(
      ...['--confirm', 'Example Corporation', '--statements-to', file],
    );
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('the statements of 2 months, 2026-11, 2026-10.\n')]);
    expect(stdout).toBe(
      `Example Corporation is unsubscribed. The only copy of its statements is in ${file}. The next hourly run starts to discard all data of the customer, which takes half an hour or more. "customer show ${customerId}" shows the progress.\n`,
    );
    expect((await operator('customer', 'show', customerId)).stdout).toMatch(/Ended by +operator/);
    const again = await unsubscribe('--confirm', 'Example Corporation', '--statements-to', join(folder, 'again.csv'));
    expect([again.exitCode, again.stderr]).toEqual([1, expect.stringContaining('Already exists')]);
    expect(again.stderr).not.toContain('Waiting');
    expect(await readdir(folder)).not.toContain('again.csv');
    const written = await readFile(file, 'utf8');
    expect(written).toMatch(/^\uFEFFmonth,/);
    const totals = written.split('\r\n').filter((line) => line.includes(',total,'));
    expect(totals).toEqual([
      expect.stringMatching(/^2026-11,UTC,.*,business,.*,total,,,,2,3,0,0\.00,USD,0$/),
      expect.stringMatching(/^2026-10,UTC,.*,business,.*,total,,,,5,3,2,0\.10,USD,0$/),
    ]);

    expect((await service.send('POST /_local/schedules/begin-discarding')).body).toMatchObject({ ended: 1 });
    expect((await service.send('POST /_local/schedules/begin-discarding')).body).toMatchObject({ ended: 0 });
    await service.pass(11_000);
    await vi.waitFor(
      async () => {
        const items = (await service.dump()).filter((item) => JSON.stringify(item).includes(alice.customerId));
        expect(items.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${alice.customerId}`]);
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await customers()).not.toContain(alice.email);
    const shown = await operator('customer', 'show', alice.customerId);
    expect(shown.stdout).toMatch(/^A discarded customer\n/);
    expect(shown.stdout).toMatch(/^ {2} *7 {2}active-user records$/m);
    expect((await service.mailsTo(alice.email)).at(-1)?.subject).toBe('Your customer account was closed');
  });
});
