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
import type { Goal, Report } from './report.ts';
import { median } from './setting/statistics.ts';

/** The bundle of a function, minified as the CDK deploys it. */
export interface Bundle {
  /** The handler's file under `functions/`, without its extension. */
  readonly handler: string;
  readonly bytes: number;
  readonly gzippedBytes: number;
  /** Undefined when the bundle was not loaded. */
  readonly load: Load | undefined;
}
/** Milliseconds to load a bundle and create its handler in a new process of this Node, without the start of Node. */
export interface Load {
  readonly median: number;
  /** Better than the median when the machine has other work. */
  readonly fastest: number;
}

const MAX_BYTES = 400_000;
/** Milliseconds. */
const MAX_LOAD = 120;
const FUNCTIONS = join(import.meta.dirname, '../functions');
/** The environment of a Lambda function. With it, loading a module really creates the handler. */
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

/** Measures sizes and load times of bundles. */
export async function benchBundles(loaded: number, loads: number): Promise<Report> {
  const bundles = await measureBundles(loaded, loads);
  const row = ({ handler, bytes, gzippedBytes, load }: Bundle) =>
    [handler, { 'KB minified': bytes / 1_000, 'KB gzipped': gzippedBytes / 1_000, ...load }] as const;
  return {
    title: 'Bundles, as the CDK deploys them; ms to load',
    tables: [Object.fromEntries(bundles.map(row))],
    goals: judge(bundles),
  };
}

/** Judges the goals about bundles. */
export function judge(bundles: readonly Bundle[]): Goal[] {
  const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} KB`;
  const tooLarge = bundles.filter(({ bytes }) => bytes > MAX_BYTES);
  const loads = bundles
    .flatMap(({ handler, load }) => (load ? [{ handler, ...load }] : []))
    .sort((a, b) => b.median - a.median);
  const tooSlow = loads.filter((load) => load.median > MAX_LOAD);
  return [
    {
      goal: `no function's bundle above ${MAX_BYTES / 1_000} KB minified (of 1,000 bytes)`,
      measured: kilobytes(Math.max(...bundles.map(({ bytes }) => bytes))),
      met: tooLarge.length === 0,
      missedBy: tooLarge.map(({ handler, bytes }) => `${handler} ${kilobytes(bytes)}`),
    },
    {
      goal: `no function's bundle above ${MAX_LOAD} ms to load here`,
      measured: `${(loads[0]?.median ?? Number.NaN).toFixed(0)} ms, median`,
      met: tooSlow.length === 0,
      missedBy: tooSlow.map(
        (load) => `${load.handler} ${load.median.toFixed(0)} ms (fastest ${load.fastest.toFixed(0)})`,
      ),
    },
  ];
}

/** Builds the bundle of every function, and loads the `loaded` largest in turn, `loads` times each. Returns the largest first. */
async function measureBundles(loaded: number, loads: number): Promise<Bundle[]> {
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

/** Lists the files under `functions/` that Lambda calls, without their extension. */
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
