import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperatorResults } from '../../bin/operator/invoke-operator.ts';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

/** A customer with a Starter license of at most 1 MAU since October, and 3 MAU in November. October is closed. */
describe('license set --dry-run', { timeout: 30_000 }, () => {
  let service: TestService;
  let customer: SignedUp;
  const run = (...args: string[]) => runOperator(args, new URL(service.url).port);
  const set = (...args: string[]) => run('license', 'set', customer.customerId, ...args);
  const changes = () => service.logged.filter(({ message }) => message === 'change');
  /** Returns the bill of November and the sentence about the closed months. */
  const linesAboutBills = (text: string) => text.split('\n').filter((line) => /^(Bill of|The statements)/.test(line));

  beforeAll(async () => {
    service = await startTestService();
    await service.setClock('2026-10-20T09:00:00Z');
    customer = await service.signUp('Example Corporation');
    await service.setLicense(customer.customerId, { type: 'starter', endsAt: '2027-10-20T09:00:00Z', maxMau: 1 });
    await service.setClock('2026-11-20T09:00:00Z');
    await service.send('POST /_local/schedules/month-close');
    const session = await service.signIn(customer.email);
    const { id } = await service.newRp(session);
    const { apiKey } = await service.newApiKey(session, id);
    await service.registerUsers(apiKey, ['user-1', 'user-2', 'user-3']);
    await service.authenticateUsers(apiKey, ['user-1', 'user-2', 'user-3']);
    await service.drain();
  }, 30_000);
  afterAll(() => service.stop());

  it('writes nothing to the table, logs no change, and shows what the command would change', async () => {
    const [before, logged] = [await service.dump(), changes().length];
    const starts = ['--starts', '2026-10-21T00:00:00Z', '--ends', '2027-12-01T00:00:00Z'];
    const { exitCode, stdout, stderr } = await set('--type', 'business', ...starts, '--max-mau', '2', '--dry-run');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(await service.dump()).toEqual(before);
    expect(changes()).toHaveLength(logged);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^Would set: Business from 2026-10-21T00:00:00Z to 2027-12-01T00:00:00Z, 2 MAU, /);
    expect(lines.at(-1)).toBe('This was a dry run: nothing was changed.');
    expect(linesAboutBills(stdout)).toEqual([
      'Bill of 2026-11: by Business (2 MAU, then 0.05 USD each) instead of Starter (1 MAU, then 0.08 USD each); so far 3 MAU, 0.05 USD instead of 0.16 USD.',
      'The statements through 2026-10 do not change, because these months are closed.',
    ]);
    expect(stdout).not.toContain('All licenses');
  });

  it('returns the customer without the change, and the same changes as the command itself', async () => {
    const license = ['--type', 'business', '--starts', '2026-11-19T00:00:00Z', '--ends', '2027-12-01T00:00:00Z'];
    type Result = OperatorResults['set-license'];
    const shown = (await service.operate({ command: 'show-customer', customerId: customer.customerId })).result;
    const {
      set: previewed,
      dryRun,
      ...details
    } = JSON.parse((await set(...license, '--dry-run', '--json')).stdout) as Result;
    expect([details, dryRun]).toEqual([shown, true]);
    const done = JSON.parse((await set(...license, '--json')).stdout) as Result;
    expect(done).not.toHaveProperty('dryRun');
    const withoutTimes = (value: object): unknown =>
      JSON.parse(JSON.stringify(value, (name, part: unknown) => (name === 'setAt' ? undefined : part)));
    expect(withoutTimes(done.set)).toEqual(withoutTimes(previewed));
  });

  it('refuses what the command refuses', async () => {
    const before = await service.dump();
    const tooSmall = await set('--type', 'free', '--max-registered-users', '2', '--dry-run');
    expect(tooSmall.exitCode).toBe(1);
    expect(tooSmall.stderr).toContain('Registered users: 3, maximum: 2.');
    const withoutEnd = await set('--type', 'starter', '--dry-run');
    expect(withoutEnd.stderr).toContain('--ends: Must be present');
    expect(await service.dump()).toEqual(before);
  });

  it('does not cancel a pending unsubscription', async () => {
    const leaving = await service.signUp('Leaving Corporation');
    const body = { confirmation: 'Leaving Corporation' };
    const { status } = await service.send('POST /v1/customer/unsubscription', { as: leaving.session, body });
    expect(status).toBe(202);
    const paid = ['--type', 'starter', '--ends', '2027-12-01T00:00:00Z'];
    const { stdout } = await run('license', 'set', leaving.customerId, ...paid, '--dry-run');
    expect(stdout).toContain('The paid license would cancel the pending unsubscription.');
    expect((await run('customer', 'show', leaving.customerId)).stdout).toMatch(/^ {2}State +leaving$/m);
  });
});
