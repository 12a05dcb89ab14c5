import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportCsv, exportStatements } from '../../bin/operator/export-statements.ts';
import type { Operator } from '../../bin/operator/invoke-operator.ts';
import { listCustomers } from '../../bin/operator/list-customers.ts';
import { selectCustomers } from '../../bin/operator/select-customers.ts';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

describe('the operator', () => {
  let service: TestService;
  let dir: string;
  let paid: SignedUp;
  let free: SignedUp;
  let late: SignedUp;
  const run = (...args: string[]) => runOperator(args, new URL(service.url).port);
  const HEADING = 'customerId,name,license,mau,maxMau,overageMau,overageFee,currency,status,measured';
  /** Returns the rows of a CSV text without the heading row. */
  const rowsOf = (text: string) => text.split('\r\n').slice(1, -1);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'export-'));
    service = await startTestService();
    await service.setClock('2026-10-10T00:00:00Z');
    paid = await service.signUp('Paid, "Inc."');
    free = await service.signUp('=Free');
    const nobody = { name: 'Nobody', email: service.newEmail() };
    await service.send('POST /v1/customers', { body: { customer: { name: 'Not activated' }, representative: nobody } });
    const license = { type: 'starter', endsAt: '2036-01-01T00:00:00Z', maxMau: 1 } as const;
    await service.setLicense(paid.customerId, license);
    for (const [{ session }, users] of [
      [paid, ['user-1', 'user-2', 'user-3']],
      [free, ['user-1']],
    ] as const) {
      const { id } = await service.newRp(session);
      const { apiKey } = await service.newApiKey(session, id);
      await service.registerUsers(apiKey, users);
      await service.authenticateUsers(apiKey, users);
    }
    await service.setClock('2026-11-04T00:05:00Z');
    await service.send('POST /_local/schedules/month-close');
    // The clock is set back, so this customer signs up before the end of October, but no run has closed October for
    // this customer.
    await service.setClock('2026-10-31T23:59:00Z');
    late = await service.signUp('Late');
    await service.setClock('2026-11-01T00:00:01Z');
    await service.signUp('Young');
    await service.setClock('2026-11-20T00:00:00Z');
  });
  afterAll(async () => {
    await service.stop();
    await rm(dir, { recursive: true });
  });

  it('can export the statements of a month as CSV, with a row for each missing statement and a total for each currency', async () => {
    const { exitCode, stdout, stderr } = await run('statements', 'export', '--month', '2026-10');
    expect(exitCode).toBe(0);
    expect(stdout.split('\r\n')[0]).toBe(HEADING);
    const rows = rowsOf(stdout);
    expect(rows.slice(0, 2).sort()).toEqual(
      [
        `${free.customerId},'=Free,free,1,,0,,,closed,0`,
        `${paid.customerId},"Paid, ""Inc.""",starter,3,1,2,0.16,USD,closed,0`,
      ].sort(),
    );
    expect(rows.slice(2)).toEqual([
      `${late.customerId},Late,,,,,,,missing,`,
      'total,,,3,,2,0.16,USD,,0',
      'total,,,1,,0,,,,0',
    ]);
    expect(stderr).toBe(
      [
        '2026-10: statements of 2 customers, 1 missing.',
        'The hourly run will create the missing statements. Export the statements again after the next run.',
        'The export does not include customers whose data was discarded after the month.',
        'The export has a total for each currency; the total without a currency is the total of Free, which has no fee.\n',
      ].join('\n'),
    );
  });

  it('can write the export to a file, which begins with a byte order mark, or print it as JSON', async () => {
    const file = join(dir, '2026-10.csv');
    const [printed, written, json] = [
      await run('statements', 'export', '--month', '2026-10'),
      await run('statements', 'export', '--month', '2026-10', '--output', file),
      await run('statements', 'export', '--month', '2026-10', '--json'),
    ];
    expect(written).toEqual({ ...printed, stdout: '', stderr: `${printed.stderr}Written to ${file}.\n` });
    expect(await readFile(file, 'utf8')).toBe(`\uFEFF${printed.stdout}`);
    const jsonFile = join(dir, '2026-10.json');
    await run('statements', 'export', '--month', '2026-10', '--json', '--output', jsonFile);
    expect(await readFile(jsonFile, 'utf8')).toBe(json.stdout);
    expect(JSON.parse(json.stdout)).toMatchObject({
      month: '2026-10',
      items: expect.arrayContaining([
        {
          customerId: paid.customerId,
          name: 'Paid, "Inc."',
          license: 'starter',
          mau: 3,
          measured: 0,
          maxMau: 1,
          overageMau: 2,
          overageFee: { amount: '0.16', currency: 'USD' },
        },
      ]) as unknown,
      missing: [{ customerId: late.customerId, name: 'Late' }],
      totals: [
        { currency: 'USD', mau: 3, measured: 0, overageMau: 2, overageFee: '0.16' },
        { currency: null, mau: 1, measured: 0, overageMau: 0, overageFee: null },
      ],
      notes: json.stderr.trimEnd().split('\n'),
    });
  });

  it('cannot overwrite a file with an export, and gets no file when the export fails', async () => {
    const folder = await mkdtemp(join(dir, 'kept-'));
    const kept = join(folder, '2026-10.csv');
    await writeFile(kept, 'as it was billed');
    const over = await run('statements', 'export', '--month', '2026-10', '--output', kept);
    expect(over).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `--output: the file already exists\n  Choose a file other than ${kept}. Nothing was changed.\n`,
    });
    expect(await readFile(kept, 'utf8')).toBe('as it was billed');
    const open = await run('statements', 'export', '--month', '2026-11', '--output', join(folder, '2026-11.csv'));
    expect([open.exitCode, open.stderr]).toEqual([1, expect.not.stringContaining('Written to')]);
    expect(await readdir(folder)).toEqual(['2026-10.csv']);
  });

  it('gets a total even if a month has no statements', async () => {
    const { stdout, stderr } = await run('statements', 'export', '--month', '2026-09');
    expect(rowsOf(stdout)).toEqual(['total,,,0,,0,,,,0']);
    expect(stderr).toBe(
      '2026-09: no statements, because all current customers signed up after the end of the month.\nThe export does not include customers whose data was discarded after the month.\n',
    );
  });

  it.each([
    [
      'the month is not closed yet',
      ['--month', '2026-11'],
      '--month: Must be a closed month: 2026-11 closes at 2026-12-04T00:05:00Z',
    ],
    [
      'the month is in the future',
      ['--month', '2999-01'],
      '--month: Must be a closed month: 2999-01 closes at 2999-02-04T00:05:00Z',
    ],
    ['the month is not a valid month', ['--month', '2026-13'], '--month: Must be a month, such as 2026-11'],
    ['the month is missing', [], "required option '--month <month>' not specified"],
    [
      'the file cannot be written',
      ['--month', '2026-10', '--output', '/nowhere/at/all.csv'],
      '--output: the file cannot be written',
    ],
  ])('cannot export statements if %s', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await run('statements', 'export', ...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
  });

  it.each(['list-customers', 'export-statements'] as const)(
    'cannot run the command %s with a malformed cursor',
    async (command) => {
      for (const cursor of ['!', '', 'cnBfMA', Buffer.from('cus_1').toString('base64url')]) {
        const { problem } = await service.operate({
          command,
          cursor,
          ...(command === 'export-statements' && { month: '2026-10' }),
        } as never);
        expect(problem).toMatchObject({ status: 400, errors: [{ pointer: '#/request/cursor' }] });
      }
      const cursor = Buffer.from('cus_00000000000000000000').toString('base64url');
      const { problem } = await service.operate({
        command,
        cursor,
        ...(command === 'export-statements' && { month: '2026-10' }),
      } as never);
      expect(problem).toBeUndefined();
    },
  );
});

describe("the pages that the operator's Lambda function returns", () => {
  /**
   * Returns a fake of the operator's Lambda function. For each command, the fake returns the page that `pages` contains
   * for the cursor in the command. The cursor of the first page is the empty string.
   */
  const operatorOf = (pages: Record<string, object>): Operator => ({
    run: (command) => Promise.resolve(pages['cursor' in command ? (command.cursor ?? '') : ''] as never),
    close: () => undefined,
  });
  const fee = (amount: string, currency: string) => ({ amount, currency });
  const row = { license: 'business', mau: 5, measured: 1, maxMau: 3, overageMau: 2 };

  it('are combined into one export with an exact total for each currency', async () => {
    const exported = await exportStatements(
      operatorOf({
        '': {
          items: [
            { customerId: 'b', name: 'B', ...row, overageFee: fee('0.10', 'USD') },
            { customerId: 'd', name: 'D', ...row, overageFee: fee('1000', 'JPY') },
          ],
          missing: [{ customerId: 'c', name: 'C' }],
          nextCursor: 'more',
        },
        more: {
          items: [{ customerId: 'a', name: 'A', ...row, overageFee: fee('0.20', 'USD') }],
          missing: [],
          nextCursor: null,
        },
      }),
      '2026-10',
    );
    expect(exportCsv(exported).split('\r\n').slice(1)).toEqual([
      'a,A,business,5,3,2,0.20,USD,closed,1',
      'b,B,business,5,3,2,0.10,USD,closed,1',
      'd,D,business,5,3,2,1000,JPY,closed,1',
      'c,C,,,,,,,missing,',
      'total,,,5,,2,1000,JPY,,1',
      'total,,,10,,4,0.30,USD,,2',
      '',
    ]);
    expect(exported.notes).toContain('2026-10: statements of 3 customers, 1 missing.');
    expect(exported.notes).toContain('The export has a total for each currency.');
  });

  it('are combined into one list of customers, in the order of sign-up', async () => {
    const now = '2026-11-01T00:00:00Z';
    const operator = operatorOf({
      '': { items: [{ customerId: 'b', createdAt: '2026-10-02T00:00:00.500Z' }], nextCursor: 'more', now },
      more: {
        now,
        items: [
          { customerId: 'c', createdAt: '2026-10-03T00:00:00Z' },
          { customerId: 'a', createdAt: '2026-10-02T00:00:00Z' },
        ],
        nextCursor: null,
      },
    });
    const customers = selectCustomers(await listCustomers(operator), { sort: 'signed-up' });
    expect(customers.map(({ customerId }) => customerId)).toEqual(['a', 'b', 'c']);
  });
});
