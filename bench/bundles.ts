import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { LambdaFunctionName } from '../functions/lambda-functions.ts';
import { bundledFunctions, bundleOf } from '../lib/constructs/bundles.ts';
import plans from '../config/plans.json' with { type: 'json' };
import { median } from './statistics.ts';

/** A function's bundle, minified as the CDK deploys it. */
export interface Bundle {
  readonly name: LambdaFunctionName;
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

/** What a function's bundle may have at most: bytes, and milliseconds to load here. */
export interface BundleLimits {
  readonly bytes: number;
  readonly load: number;
}
/** The console's and the anonymous function verify passkeys: they are larger, and a person waits for them once. */
const limitsWithPasskeys: BundleLimits = { bytes: 700_000, load: 150 };
const limits: BundleLimits = { bytes: 400_000, load: 120 };
/** Returns what a function's bundle may have at most. */
export const limitsOf = (name: LambdaFunctionName): BundleLimits =>
  name === 'console' || name === 'anonymous' ? limitsWithPasskeys : limits;

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

/** Builds every function's bundle, and loads the `loaded` largest that many times, in turn. Returns the largest first. */
export async function measureBundles(loaded: number, loads: number): Promise<Bundle[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-bundles-'));
  try {
    const bundles = bundledFunctions
      .map((name) => ({ name, file: join(folder, `${name}.mjs`), code: bundleOf(name), took: [] as number[] }))
      .sort((a, b) => b.code.length - a.code.length);
    for (const { file, code } of bundles) await writeFile(file, code);
    for (let round = 0; round < loads; round += 1) {
      for (const { file, took } of bundles.slice(0, loaded)) took.push(await load(file));
    }
    return bundles.map(({ name, code, took }) => ({
      name,
      bytes: code.length,
      gzippedBytes: gzipSync(code).length,
      load: took.length > 0 ? { median: median(took), fastest: Math.min(...took) } : undefined,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', LOAD, file], {
    env: environment,
  });
  return Number(stdout.trim().split('\n').at(-1));
}
