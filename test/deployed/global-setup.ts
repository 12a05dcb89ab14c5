import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { makeConsoleFolder } from '../support/console-folder.ts';
import { ACCOUNT, REGION, RUNTIME } from './cloud/release.ts';

/**
 * Synthesizes the stage `production` as `npm run synth` does, into a temporary folder outside the repository, so that
 * the bundles cannot load packages from the repository. Compiles the runtime of the functions beside it. Sets `CDK_OUT`
 * for the tests. Returns the function that deletes the folder after the tests. Does nothing if `CDK_OUT` names such a
 * folder already.
 */
export default async function synthesize(): Promise<(() => void) | undefined> {
  if (process.env['CDK_OUT'] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: object };
  const console = makeConsoleFolder();
  const env = {
    ...process.env,
    CDK_OUTDIR: folder,
    CDK_CONTEXT_JSON: JSON.stringify({ ...context, stage: 'production', console: console.folder }),
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
    // Other tests check the templates.
    CDK_VALIDATION: 'false',
  };
  try {
    await promisify(execFile)(process.execPath, ['test/deployed/example-app.ts'], { env });
  } finally {
    console.remove();
  }
  await build({
    entryPoints: [join(import.meta.dirname, 'cloud/functions/runtime.ts')],
    outfile: join(folder, RUNTIME),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
  });
  process.env['CDK_OUT'] = folder;
  return () => {
    rmSync(folder, { recursive: true });
  };
}
