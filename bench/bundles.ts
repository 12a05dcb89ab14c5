import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundling } from '../lib/constructs/bundling.ts';
import plans from '../config/plans.json' with { type: 'json' };
import { median } from './statistics.ts';

/** A function's bundle, minified as the CDK deploys it. */
export interface Bundle {
  /** Its file under `functions/`, without its ending. */
  readonly handler: string;
  readonly bytes: number;
  readonly gzippedBytes: number;
  /** Undefined when it was not loaded. */
  readonly load: Load | undefined;
}
/** Milliseconds to load a bundle and make its handler in a fresh process of this Node, without starting that. */
export interface Load {
  readonly median: number;
  /** Says more than the median when the machine has other work. */
  readonly fastest: number;
}

const FUNCTIONS = join(import.meta.dirname, '../functions');
/** What Lambda and the CDK tell a function: with these, the handler is really made when its module is loaded. */
const environment = {
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_SESSION_TOKEN: 'bench',
  TABLE_NAME: 'bench',
  PLANS: JSON.stringify(plans),
  TIME_ZONE: 'UTC',
  CONSOLE_URL: 'https://console.example.com',
  SENDER: 'no-reply@example.com',
  CONFIGURATION_SET: 'service-events',
  EMAILS_PER_SECOND: '14',
  CONTACT: 'sales@example.com',
  DISCARDING_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
  CLOSING_RECORDS_TABLE_NAME: 'bench',
  SWEEP_AFTER_SECONDS: '1810',
  AGGREGATOR_NAME: 'bench',
  POWERTOOLS_SERVICE_NAME: 'bench',
  POWERTOOLS_METRICS_NAMESPACE: 'bench',
};
const LOAD = `
const start = performance.now();
const { handler } = await import(process.argv[1]);
const took = performance.now() - start;
if (typeof handler !== 'function') throw new Error('There is no handler.');
console.log(took);
process.exit();`;

/** Builds every function's bundle, and loads the `loaded` largest so many times, in turn. Gives them the largest first. */
export async function measureBundles(loaded: number, loads: number): Promise<Bundle[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-bundles-'));
  try {
    const bundles = await bundleAll(folder);
    for (let round = 0; round < loads; round += 1) {
      for (const { file, took } of bundles.slice(0, loaded)) took.push(await load(file));
    }
    return bundles.map(({ handler, code, took }) => ({
      handler,
      bytes: code.length,
      gzippedBytes: gzipSync(code).length,
      load: took.length > 0 ? { median: median(took), fastest: Math.min(...took) } : undefined,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Bundles every function into a folder, as the CDK does. */
async function bundleAll(folder: string) {
  const names = handlers();
  await build({
    ...bundling,
    entryPoints: names.map((name) => ({ in: join(FUNCTIONS, `${name}.ts`), out: name })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    logLevel: 'warning',
  });
  return names
    .map((handler) => {
      const file = join(folder, `${handler}.mjs`);
      return { handler, file, code: readFileSync(file), took: [] as number[] };
    })
    .sort((a, b) => b.code.length - a.code.length);
}

/** Lists the files under `functions/` that Lambda calls, without their ending. */
function handlers(): string[] {
  return globSync(['api/*/*.ts', 'events/*.ts'], { cwd: FUNCTIONS })
    .filter((file) => readFileSync(join(FUNCTIONS, file), 'utf8').includes('export const handler'))
    .map((file) => file.replace(/\.ts$/, ''));
}

async function load(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', LOAD, file], {
    env: environment,
  });
  return Number(stdout.trim().split('\n').at(-1));
}
