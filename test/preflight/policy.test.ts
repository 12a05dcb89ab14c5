import { describe, expect, it } from 'vitest';
import { preflightPolicy } from '../../bin/preflight/policy.ts';
import { questions } from '../../bin/preflight/questions.ts';
import { freshAccount, preflight } from './accounts.ts';
import { usePreflight } from './subjects.ts';

const { fake } = usePreflight();

describe('the policy of the preflight', () => {
  it('allows reading only, and limits the rights that can be limited to the service', () => {
    const { Statement } = preflightPolicy();
    const actions = Statement.flatMap(({ Action }) => Action);

    expect(actions.filter((action) => !/^[a-z]+:(Get|Describe|List|View)/.test(action))).toEqual([]);
    expect(actions).toHaveLength(Object.keys(questions).length - 1);
    expect(Statement.find(({ Action }) => Action.includes('dynamodb:DescribeTable'))?.Resource).toEqual([
      'arn:aws:dynamodb:*:*:table/fido2-server-service-*',
    ]);
  });

  it('is printed by --policy', async () => {
    const { exitCode, stdout } = await preflight(fake(), { account: freshAccount, args: ['--policy'] });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(preflightPolicy());
  });
});
