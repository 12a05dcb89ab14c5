import { expect, it } from 'vitest';
import { statementsOf } from '../../functions/table/role-statements.ts';

it('puts all kinds of keys of an action into one statement, because a batch may contain keys of several kinds', () => {
  const statements = statementsOf({
    table: {
      SESSION: ['BatchWriteItem'],
      CUSTOMER: ['GetItem', 'Query'],
      LINK: ['GetItem', 'BatchWriteItem'],
      'CLOSED-MONTHS': ['PutItem'],
    },
    finder: ['OWNED', 'CUSTOMERS'],
  });

  expect(statements).toEqual([
    { resource: 'table', actions: ['BatchWriteItem'], leadingKeys: ['LINK#*', 'SESSION#*'] },
    { resource: 'table', actions: ['GetItem'], leadingKeys: ['CUSTOMER#*', 'LINK#*'] },
    { resource: 'table', actions: ['PutItem'], leadingKeys: ['CLOSED-MONTHS'] },
    { resource: 'table', actions: ['Query'], leadingKeys: ['CUSTOMER#*'] },
    { resource: 'finder', actions: ['Query'], leadingKeys: ['OWNED#*', 'CUSTOMERS#*'] },
  ]);
});

it('lets actions with the same kinds of keys share a statement', () => {
  expect(statementsOf({ table: { RP: ['Query', 'PutItem'], EMAIL: ['Query', 'PutItem'] } })).toEqual([
    { resource: 'table', actions: ['PutItem', 'Query'], leadingKeys: ['EMAIL#*', 'RP#*'] },
  ]);
});
