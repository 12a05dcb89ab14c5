import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../functions/domain/time.ts';
import { closingOf } from '../support/metering/closing.ts';
import { LONG } from '../support/long.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { InjectedFault, anotherClient, injectFaults, type Attempt } from '../support/table-faults.ts';

let metering: Metering;
beforeEach(async () => {
  metering = await openMetering({ now: '2026-09-10T09:00:00Z' });
});
const { run, record, recordedUsers, statements, closed, read } = closingOf(() => metering);

describe('a run that closes months', () => {
  it('closes a month exactly once, even if the previous run died at a table call', async () => {
    const customer = await metering.signUp();
    const rp = await customer.rp();
    let month = '2026-09';
    let lastClosed: string | undefined;
    const { calendar } = metering.services;
    /**
     * Closes the next month in two runs. The first run dies before or after the table call for which `dies` returns
     * `before` or `after`. The second run does not die. The table calls of the first run are numbered from 1.
     */
    async function closeNext(dies: (attempt: Attempt, call: number) => 'before' | 'after' | undefined) {
      const mau = 1 + (recordedUsers() % 3);
      await record(rp, month, mau);
      metering.clock.time = calendar.closingOf(month) + 5 * MINUTE;
      const mortal = anotherClient(metering.table);
      const commands: string[] = [];
      let death: 'before' | 'after' | undefined;
      injectFaults(mortal, (attempt) => {
        if (death) return { before: new InjectedFault('it is dead') };
        const call = commands.push(attempt.command);
        death = dies(attempt, call);
        if (death === 'before') return { before: new InjectedFault(`before call ${call}`) };
        return death && { after: new InjectedFault(`after call ${call}`) };
      });
      const outcome = await run({ on: mortal }).then(
        () => 'done',
        () => 'died',
      );
      const kept = (await closed(customer))[month];
      expect([undefined, mau]).toContain(kept);
      expect((await read(customer)).closedThrough).toBe(kept === undefined ? lastClosed : month);
      await run();
      expect((await statements(customer)).at(-1)).toMatchObject({ month, mau, rps: { [rp.rpRef]: mau } });
      expect((await read(customer)).closedThrough).toBe(month);
      lastClosed = month;
      month = calendar.plus(month, 1);
      return { outcome, commands, kept };
    }
    const whole = await closeNext(() => undefined);
    expect(whole).toMatchObject({ outcome: 'done', kept: expect.any(Number) as unknown });
    expect(whole.commands.length).toBeGreaterThan(30);
    const calls = whole.commands.map((command, index) => ({ command, call: index + 1 }));
    // The long tests let the run die at every call. The other tests leave out most reads.
    const isRead = (command: string) => /^(Get|BatchGet|Query)/.test(command);
    const deaths = calls.filter(({ command, call }) => LONG || !isRead(command) || call % 5 === 0);
    expect(deaths.length).toBeGreaterThan(6);
    for (const { call } of deaths) {
      const { outcome } = await closeNext((_, index) => (index === call ? 'before' : undefined));
      expect(outcome).toBe('died');
    }
    const { outcome, kept } = await closeNext(({ command }) =>
      command === 'TransactWriteItemsCommand' ? 'after' : undefined,
    );
    expect([outcome, kept]).toEqual(['died', expect.any(Number)]);
    const all = await statements(customer);
    expect(all).toHaveLength(deaths.length + 2);
    expect(new Set(all.map((statement) => statement.month)).size).toBe(all.length);
  });

  it('closes each month of each customer exactly once, even if several runs work at the same time', async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, () => metering.signUp()));
    for (const [index, customer] of customers.entries()) await record(await customer.rp(), '2026-10', index);
    metering.clock.time = Date.parse('2026-12-05T00:00:00Z');
    const reports = await Promise.all(Array.from({ length: 4 }, () => run({ on: anotherClient(metering.table) })));
    expect(reports.every(({ complete }) => complete)).toBe(true);
    expect(reports.reduce((sum, report) => sum + report.closed, 0)).toBe(4 * 3);
    for (const [index, customer] of customers.entries()) {
      expect(await closed(customer)).toEqual({ '2026-09': 0, '2026-10': index, '2026-11': 0 });
    }
    expect(await run()).toEqual({ through: '2026-11', closed: 0, complete: true });
  });
});
