import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringUpToDate, BuildError } from '../../bin/building/bring-up-to-date.ts';
import { consoleBuild } from '../../bin/building/builds.ts';

/**
 * A script that the tests run instead of Vite. Each run adds a word to the built page, so that the tests can count the
 * runs.
 */
const BUILD = `
const { appendFileSync, existsSync, mkdirSync } = require('node:fs');
if (existsSync('web/broken')) { console.log('web/src/main.tsx: expected ";"'); process.exit(1); }
mkdirSync('web/dist', { recursive: true });
appendFileSync('web/dist/index.html', 'built');
console.log('output of a successful build');
`;
const SOURCES = [
  'web/index.html',
  'web/src/main.tsx',
  'functions/contract/customers.ts',
  'functions/contract/values/values.ts',
  'functions/api/routes.ts',
  'package-lock.json',
];

describe('bringing the console up to date', () => {
  let root: string;
  let said: number;
  const write = (file: string, content = '') => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  };
  /** Sets the time of a file's last change, in seconds from now. */
  const change = (file: string, seconds: number) => {
    const at = Date.now() / 1_000 + seconds;
    utimesSync(join(root, file), at, at);
  };
  const bring = () => bringUpToDate(consoleBuild, root, () => (said += 1));
  /** Writes the same files as the first run of the build script. */
  const built = () => {
    write('web/dist/index.html', 'built');
  };
  const builds = () => readFileSync(join(root, 'web/dist/index.html'), 'utf8').split('built').length - 1;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'project-'));
    said = 0;
    write('package.json', JSON.stringify({ scripts: { build: 'node build.cjs' } }));
    write('build.cjs', BUILD);
    for (const file of SOURCES) {
      write(file);
      change(file, -10);
    }
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('builds the console and shows one message if the console is missing', async () => {
    await bring();

    expect([builds(), said]).toEqual([1, 1]);
  });

  it('does not build the console again if nothing has changed', async () => {
    await bring();
    await bring();

    expect([builds(), said]).toEqual([1, 1]);
  });

  it.each(SOURCES)('builds the console again if %s has changed', async (file) => {
    built();
    change(file, 10);
    await bring();

    expect([builds(), said]).toEqual([2, 1]);
  });

  it.each(['web/dist/assets/index.js', 'web/src/client/sdk.gen.ts', 'functions/domain/fee.ts', 'README.md'])(
    'does not build the console again if only %s has changed',
    async (file) => {
      built();
      write(file);
      change(file, 10);
      await bring();

      expect(builds()).toBe(1);
    },
  );

  it('throws an error with the output of the build if the build fails', async () => {
    cpSync(join(root, 'build.cjs'), join(root, 'web/broken'));

    await expect(bring()).rejects.toThrow(BuildError);
    await expect(bring()).rejects.toThrow(
      'Building the console failed (npm run build --silent):\nweb/src/main.tsx: expected ";"',
    );
  });
});
