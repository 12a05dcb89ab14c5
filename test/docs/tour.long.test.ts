import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startService, type LocalService } from '../../local/service.ts';
import { engineEndpoint } from '../support/engine.ts';
import { examplePlans } from '../support/example-plans.ts';

const LOCAL = 'http://localhost:3000';
const DATA_DIR = '.local/tour';

let service: LocalService;
let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tour-'));
  const silent = () => undefined;
  service = await startService({
    endpoint: await engineEndpoint(),
    tableName: `tour-${process.pid}`,
    plans: examplePlans,
    log: { info: silent, warn: silent, error: silent },
  });
});
afterAll(async () => {
  await service.stop();
  await rm(dataDir, { recursive: true });
});

test('every command in docs/tour.md prints the response that the tour shows below the command', async () => {
  const steps = await readTour();
  const script = steps.map(({ commands }, index) => `${commands}\necho "--- ${index + 1}"`).join('\n');
  const { stdout } = await promisify(execFile)('bash', [
    '-e',
    '-c',
    script.replaceAll(LOCAL, service.url).replaceAll(DATA_DIR, dataDir),
  ]);

  const answers = stdout.replaceAll(service.url, LOCAL).split(/^--- \d+\n/m);
  expect(steps.length).toBeGreaterThan(8);
  steps.forEach(({ answer }, index) => {
    expect(alike(answers[index] ?? '')).toBe(alike(answer));
  });
});

/**
 * Returns the commands of the tour, each with the response that the tour shows below the command. The response is an
 * empty string if the tour shows no response.
 */
async function readTour(): Promise<{ commands: string; answer: string }[]> {
  const tour = await readFile('docs/tour.md', 'utf8');
  return [...tour.matchAll(/^```sh\n(.*?)^```\n(?:\n^```json\n(.*?)^```\n)?/gms)].map(
    ([, commands = '', answer = '']) => ({
      commands,
      answer,
    }),
  );
}

/**
 * Returns a response without its IDs, times, random bytes and white space. The IDs, times and bytes differ in each run
 * of the test, and the tour contains white space only for readability.
 */
function alike(answer: string): string {
  return answer
    .replaceAll(/\s/g, '')
    .replaceAll(/(cus|adm|rp)_[0-9a-z]{20}/g, '$1')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+(\.\d{3})?Z/g, 'time')
    .replaceAll(/"[\w-]{43,}"/g, '"bytes"')
    .replaceAll(/"requestId":"[^"]+"/g, '"requestId"');
}
