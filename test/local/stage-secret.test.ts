import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesOf } from '../../local/data-dir.ts';
import { openStageSecret, temporaryStageSecret } from '../../local/stage-secret.ts';

const newFile = async () => filesOf(await mkdtemp(join(tmpdir(), 'stage-secret-'))).stageSecret;

it('the secret of the stage is created at random, and only the current user can read its file', async () => {
  const file = await newFile();
  const secret = await openStageSecret(file);
  expect(secret).toHaveLength(32);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(file, '..'))).toEqual(['stage-secret']);
  expect(secret).not.toEqual(await openStageSecret(await newFile()));
});

it('the secret of the stage is the same after a restart', async () => {
  const file = await newFile();
  const secret = await openStageSecret(file);
  const content = await readFile(file, 'utf8');
  expect(await openStageSecret(file)).toEqual(secret);
  expect(await readFile(file, 'utf8')).toBe(content);
});

it('a service without a data directory has a random secret', () => {
  expect(temporaryStageSecret()).toHaveLength(32);
  expect(temporaryStageSecret()).not.toEqual(temporaryStageSecret());
});
