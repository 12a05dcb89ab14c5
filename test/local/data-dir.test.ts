import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  type PathLike,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFile } from '../../bin/operator/new-file.ts';
import { startEngine } from '../../local/aws/engine.ts';
import { openOutbox } from '../../local/aws/outbox.ts';
import { openQueue } from '../../local/aws/queue.ts';
import { claimDataDir, filesOf, hideFromOthers, openLogFile } from '../../local/data-dir.ts';
import { openLocalTable } from '../../local/open-table.ts';

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'data-dir-'));
});
afterEach(() => {
  rmSync(parent, { recursive: true });
});

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const warnings: unknown[] = [];
const log = { warn: (...line: unknown[]) => warnings.push(line) };
/** Prepares a data directory as `npm start` does. `setMode` can replace the function that changes a mode. */
async function claim(dataDir: string, setMode?: (path: PathLike) => Promise<void>): Promise<void> {
  warnings.length = 0;
  const release = await claimDataDir(dataDir, 'http://localhost:3000/');
  await hideFromOthers(dataDir, log, setMode);
  await release();
}

describe('the data directory', () => {
  it('and every file that the service creates in it can be read only by the current user', async () => {
    const dataDir = join(parent, '.local');
    const files = filesOf(dataDir);
    await claim(dataDir);
    const engine = await startEngine(files.database);
    const { table } = await openLocalTable(engine.endpoint, 'any');
    const outbox = await openOutbox({ now: () => 0 }, files.outbox);
    await outbox.send({ to: 'a@example.com', subject: 'A', text: 'a', html: 'a', tags: {} });
    const queue = await openQueue(files.queue);
    await queue.send([], 0);
    const { log: logFile, close } = openLogFile(files.log);
    logFile.info('a line');
    await close();
    await queue.stop();
    table.client.destroy();

    const modes = readdirSync(dataDir).map((file) => [file, modeOf(join(dataDir, file))]);
    await engine.stop();

    expect(modes.map(([file]) => file)).toEqual(
      expect.arrayContaining(['discarding.json', 'dynamodb.sqlite', 'outbox.jsonl', 'service.log']),
    );
    expect(modes.filter(([, mode]) => mode !== '600')).toEqual([]);
    expect(modeOf(dataDir)).toBe('700');
  });

  it('of an earlier release is closed to other users at the next start', async () => {
    const dataDir = join(parent, 'old');
    mkdirSync(dataDir, { mode: 0o755 });
    const { databaseFiles, outbox, queue, log, demo, stageSecret, authenticator } = filesOf(dataDir);
    const files = [...databaseFiles, outbox, queue, log, demo, stageSecret, authenticator];
    for (const file of files) writeFileSync(file, '', { mode: 0o644 });

    await claim(dataDir);

    expect(files.map(modeOf)).toEqual(files.map(() => '600'));
    expect(modeOf(dataDir)).toBe('700');
    expect(warnings).toEqual([]);
  });

  it.each(['EPERM', 'ENOTSUP', 'EINVAL'])(
    'is used even if the file system refuses to change modes with %s, and the log says so once',
    async (code) => {
      const { outbox, demo } = filesOf(parent);
      for (const file of [outbox, demo]) writeFileSync(file, '', { mode: 0o644 });

      await claim(parent, () => Promise.reject(Object.assign(new Error('refused'), { code })));

      const fields = expect.objectContaining({ dataDir: parent, reason: code }) as unknown;
      expect(warnings).toEqual([[expect.stringContaining('other users may be able to read the data'), fields]]);
    },
  );

  it('is not used if a mode cannot be changed for another reason', async () => {
    const failure = Object.assign(new Error('a disk error'), { code: 'EIO' });
    await expect(claim(parent, () => Promise.reject(failure))).rejects.toThrow(failure);
  });

  it('stays open to other users if it contains files of other programs, whose modes do not change', async () => {
    chmodSync(parent, 0o755);
    const other = join(parent, 'other.txt');
    const { outbox } = filesOf(parent);
    for (const file of [other, outbox]) writeFileSync(file, '', { mode: 0o644 });

    await claim(parent);

    expect([modeOf(parent), modeOf(other), modeOf(outbox)]).toEqual(['755', '644', '600']);
  });
});

it('the operator’s command line creates files that only the operator can read', async () => {
  const file = join(parent, 'statements.csv');
  await (await createFile('--output', file)).close();
  expect(modeOf(file)).toBe('600');
});
