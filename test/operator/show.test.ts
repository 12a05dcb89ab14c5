import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { itemsInWords } from '../../bin/operator/items-in-words.ts';
import { showCustomers } from '../../bin/operator/show-customers.ts';
import { showCustomer, showProblem } from '../../bin/operator/show.ts';

describe('the output of the operator command line', () => {
  it('names the option whose value is invalid, no matter whether the domain or the request parser found the error', () => {
    const errors = [
      { pointer: '#/endsAt', detail: 'A paid license needs an end' },
      { pointer: '#/request/startsAt', detail: 'Must be a time' },
      { pointer: '#/request/maxMau', detail: 'Too small' },
      { pointer: '#/operator', detail: 'Too long' },
    ];
    expect(showProblem({ title: 'The request is not valid', detail: 'the same, for machines', errors })).toBe(
      [
        'The request is not valid',
        '  --ends: A paid license needs an end',
        '  --starts: Must be a time',
        '  --max-mau: Too small',
        '  #/operator: Too long',
      ].join('\n'),
    );
  });

  it('shows the detail of an error, or a request ID to search for in the log if the error has no detail', () => {
    expect(showProblem({ title: 'Not found', detail: 'There is no customer cus_1.', requestId: 'r1' })).toBe(
      'Not found\n  There is no customer cus_1.',
    );
    expect(showProblem({ title: 'Something went wrong here', requestId: 'r1' })).toBe(
      'Something went wrong here\n  To find the cause, search the log for the request r1.',
    );
  });

  it('shows a message if there are no customers', () => {
    expect(showCustomers([], false)).toBe('There are no customers.');
    expect(showCustomers([], true)).toBe('No customer matches.');
  });

  it('has words for each kind of item that the table stores for a customer', async () => {
    const keys = await readFile('functions/table/keys.ts', 'utf8');
    const ofPartitions = [...keys.matchAll(/ sk: [`']([A-Z-]+)/g)].map(([, word = '']) => word.toLowerCase());
    const others = [
      'active-user',
      'user-handle',
      'credential-info',
      'credential-id',
      'email',
      'session',
      'link',
      'api-key',
      'mail',
      'token-keys',
      'webhook-delivery',
    ];
    const ofNobody = ['closed-months', 'copied', 'rows'];
    const kinds = [...new Set([...ofPartitions, ...others])].filter((kind) => !ofNobody.includes(kind));
    expect(kinds.length).toBeGreaterThan(25);
    expect(kinds.filter((kind) => itemsInWords(kind) === kind)).toEqual([]);
    const discarded = { credential: 2, 'user-name': 1, 'a-later-kind': 3 };
    const text = showCustomer({
      ...{
        customerId: 'cus_1',
        status: 'discarded',
        state: 'discarded',
        unsubscribedAt: '2026-11-02T00:00:00Z',
        discardedAt: null,
      },
      discarded,
    });
    expect(text).toMatch(/ITEMS +KIND/);
    expect(text).toMatch(/2 +credentials of users/);
    expect(text).toMatch(/1 +names of users/);
    expect(text).toMatch(/3 +a-later-kind/);
  });
});
