import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { preflightPolicy } from '../../bin/preflight/policy.ts';
import { lookAt } from '../../bin/smoke/look-at.ts';
import { exampleStages } from '../support/example-stages.ts';
import { freshAccount, healthyAccount, preflight } from '../preflight/accounts.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';

let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws();
});
afterAll(() => aws.stop());

const COMMAND = '$ npm run --silent preflight -- --stage production\n';
/** Returns the outputs of the preflight that README shows. */
const shownOutputs = () =>
  readFileSync('README.md', 'utf8')
    .split('```text\n')
    .filter((block) => block.startsWith(COMMAND))
    .map((block) => block.slice(COMMAND.length, block.indexOf('```')));

it('README shows what the preflight prints for a fresh account and for a healthy account', async () => {
  const fresh = await preflight(aws, { account: freshAccount, dns: {}, settings: exampleStages });
  const healthy = await preflight(aws, { account: healthyAccount });

  expect(shownOutputs()).toEqual([fresh.stdout, healthy.stdout]);
  expect([fresh.exitCode, healthy.exitCode]).toEqual([1, 0]);
});

it('the runbook shows the policy of the preflight', () => {
  const [, section = ''] = readFileSync('docs/runbook.md', 'utf8').split('## Checking a deployment\n');
  const [, json = ''] = /```json\n(.*?)```/s.exec(section) ?? [];
  expect(JSON.parse(json)).toEqual(preflightPolicy());
});

it('the runbook has every entry that the smoke test names', () => {
  const headings = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll(' ', '-'),
  );
  const named = Object.values(lookAt).flatMap((text) =>
    [...text.matchAll(/docs\/runbook\.md#([\w-]+)/g)].map(([, anchor = '']) => anchor),
  );

  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((anchor) => !headings.includes(anchor))).toEqual([]);
});
