import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { LambdaFunctionName } from '../functions/lambda-functions.ts';
import { bundledFunctions, bytesAtStart, bytesWith, codeOf, writeBundle } from '../lib/constructs/bundles.ts';
import plans from '../config/plans.json' with { type: 'json' };
import type { Goal, Report } from './report.ts';
import { median } from './setting/statistics.ts';

/** The size and the load time of a Lambda function's bundle. The bundle is minified, as the CDK deploys it. */
export interface Bundle {
  readonly name: LambdaFunctionName;
  /** The size of all files. */
  readonly bytes: number;
  readonly gzippedBytes: number;
  /** The size of the files that Lambda loads at a cold start. */
  readonly bytesAtStart: number;
  /** @default - the bundle was not loaded */
  readonly load: Load | undefined;
}
/**
 * The time, in milliseconds, that a new Node process takes to load a bundle and create the function's handler. The time
 * to start Node is not included.
 */
interface Load {
  readonly median: number;
  /**
   * The time of the fastest load. The limit in `BundleLimits` applies to this time, because other work on the machine
   * changes the median by a third from hour to hour.
   */
  readonly fastest: number;
}

/**
 * The limits of a function's bundle: how many bytes a cold start loads, and its load time on this machine in
 * milliseconds.
 */
interface BundleLimits {
  readonly bytesAtStart: number;
  readonly load: number;
}
/** The limits of the functions `console` and `anonymous`, which have the most routes and verify passkeys. */
const limitsWithPasskeys: BundleLimits = { bytesAtStart: 530_000, load: 150 };
/** The limits of the functions `users` and `ceremonies`. */
const limitsOfUsers: BundleLimits = { bytesAtStart: 450_000, load: 120 };
/** The limits of the function `fss`, which serves users, credentials and ceremonies together. */
const limitsOfFss: BundleLimits = { bytesAtStart: 480_000, load: 120 };
const limits: BundleLimits = { bytesAtStart: 420_000, load: 120 };
const ownLimits: Partial<Record<LambdaFunctionName, BundleLimits>> = {
  console: limitsWithPasskeys,
  anonymous: limitsWithPasskeys,
  users: limitsOfUsers,
  ceremonies: limitsOfUsers,
  fss: limitsOfFss,
};
/** The modules that a registration needs in addition to what the function `ceremonies` loads at a cold start. */
const REGISTRATION = ['request-registration-options', 'register-credential'];
/** The goal for the bytes that a process has loaded after a registration. */
const MAX_WITH_REGISTRATION = 700_000;
/** Returns how many bytes of the bundle of `ceremonies` a process has loaded after its first registration. */
export const bytesWithRegistration = (): number => bytesWith('ceremonies', REGISTRATION);
/** Returns the limits of a function's bundle. */
export const limitsOf = (name: LambdaFunctionName): BundleLimits => ownLimits[name] ?? limits;

/**
 * The environment variables of a Lambda function. When these variables are set, the module of a function creates its
 * handler as soon as the module is loaded.
 */
export const bundleEnvironment = {
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
  EDGE_SECRETS: 'any',
  ONLY_THROUGH_CLOUDFRONT: 'none',
  UNSUBSCRIBE_GRACE_HOURS: '72',
  VERIFY_DOMAINS: 'true',
  SIGNALS_UNKNOWN_CREDENTIALS: 'true',
  STAGE_SECRET: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:bench',
  METADATA_URL: 'https://mds3.fidoalliance.org/',
  EVENT_SOURCE_MAPPINGS: 'a-1,a-2',
  DISCARDING_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
  LINKS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
  NOTICES_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
  WEBHOOKS_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/bench',
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

/**
 * Measures the sizes of all bundles, and the load times of the `loaded` largest bundles. Loads each of these bundles
 * `loads` times.
 */
export async function benchBundles(loaded: number, loads: number): Promise<Report> {
  const bundles = await measureBundles(loaded, loads);
  const withRegistration = bytesWithRegistration();
  const row = ({ name, bytes, gzippedBytes, bytesAtStart: atStart, load }: Bundle) =>
    [
      name,
      { 'KB minified': bytes / 1_000, 'at a cold start': atStart / 1_000, 'KB gzipped': gzippedBytes / 1_000, ...load },
    ] as const;
  return {
    title: 'Bundles that the CDK deploys; ms to load',
    tables: [Object.fromEntries(bundles.map(row))],
    notes: [
      `An authentication needs what ceremonies loads at a cold start. A registration needs ${kilobytes(withRegistration)}, because`,
      'the process then also loads the code that verifies attestations.',
    ],
    goals: [...judge(bundles), judgeRegistration(withRegistration)],
  };
}

const kilobytes = (bytes: number) => `${(bytes / 1_000).toFixed(1)} KB`;

/** Returns the goal about the bytes that a registration loads, and whether it is met. */
export const judgeRegistration = (bytes: number): Goal => ({
  goal: `bundle of ceremonies, minified: at most ${kilobytes(MAX_WITH_REGISTRATION)} loaded after a registration`,
  measured: kilobytes(bytes),
  met: bytes <= MAX_WITH_REGISTRATION,
});

/**
 * Returns the goals about bundles, and whether they are met. Each goal reports the measured value of one bundle: the
 * bundle with the highest ratio of measured value to limit.
 */
export function judge(bundles: readonly Bundle[]): Goal[] {
  const sizes = bundles
    .map(({ name, bytesAtStart: bytes }) => ({
      ratio: bytes / limitsOf(name).bytesAtStart,
      measured: `${name}: ${kilobytes(bytes)}`,
    }))
    .sort((a, b) => b.ratio - a.ratio);
  const loads = bundles
    .flatMap(({ name, load }) => (load ? [{ name, load }] : []))
    .map(({ name, load: { median: ms, fastest } }) => ({
      ratio: fastest / limitsOf(name).load,
      measured: `${name}: ${fastest.toFixed(0)} ms, fastest (median ${ms.toFixed(0)})`,
    }))
    .sort((a, b) => b.ratio - a.ratio);
  const goal = (text: string, bundlesByRatio: typeof sizes): Goal => ({
    goal: text,
    measured: bundlesByRatio[0]?.measured ?? '',
    met: bundlesByRatio.every(({ ratio }) => ratio <= 1),
    missedBy: bundlesByRatio.filter(({ ratio }) => ratio > 1).map(({ measured }) => measured),
  });
  return [
    goal(
      `bundles, minified: at most ${kilobytes(limits.bytesAtStart)} at a cold start; ${kilobytes(limitsOfUsers.bytesAtStart)} for users and ceremonies; ${kilobytes(limitsOfFss.bytesAtStart)} for fss; ${kilobytes(limitsWithPasskeys.bytesAtStart)} with passkeys (of 1,000 bytes)`,
      sizes,
    ),
    goal(
      `time to load a bundle on this machine: at most ${limits.load} ms; ${limitsWithPasskeys.load} ms with passkeys`,
      loads,
    ),
  ];
}

/**
 * Builds the bundle of every function. Then runs `loads` rounds. Each round loads each of the `loaded` largest bundles
 * once. Returns the bundles, the largest first.
 */
async function measureBundles(loaded: number, loads: number): Promise<Bundle[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-bundles-'));
  try {
    const bundles = bundledFunctions
      .map((name) => ({ name, code: codeOf(name), took: [] as number[] }))
      .sort((a, b) => b.code.length - a.code.length)
      .map((bundle) => ({ ...bundle, file: writeBundle(bundle.name, join(folder, bundle.name)) }));
    for (let round = 0; round < loads; round += 1) {
      for (const { file, took } of bundles.slice(0, loaded)) took.push(await load(file));
    }
    return bundles.map(({ name, code, took }) => ({
      name,
      bytes: code.length,
      gzippedBytes: gzipSync(code).length,
      bytesAtStart: bytesAtStart(name),
      load: took.length > 0 ? { median: median(took), fastest: Math.min(...took) } : undefined,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(file: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', LOAD, file], {
    env: bundleEnvironment,
  });
  return Number(stdout.trim().split('\n').at(-1));
}
