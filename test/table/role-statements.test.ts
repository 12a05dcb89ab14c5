import { expect, it } from 'vitest';
import { statementsOf } from '../../functions/table/role-statements.ts';

it('statementsOf puts all kinds of keys that an action may use into one IAM statement', () => {
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

it('statementsOf combines actions that use the same kinds of keys into one IAM statement', () => {
  expect(statementsOf({ table: { RP: ['Query', 'PutItem'], EMAIL: ['Query', 'PutItem'] } })).toEqual([
    { resource: 'table', actions: ['PutItem', 'Query'], leadingKeys: ['EMAIL#*', 'RP#*'] },
  ]);
});
