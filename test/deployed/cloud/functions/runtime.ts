import dns from 'node:dns';
import { enableCompileCache, flushCompileCache, syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import type { FromProcess, Invocation, ToProcess } from './messages.ts';

/**
 * Does the work of Lambda's runtime for Node.js, in a process of its own: loads the handler from the bundle, and then
 * handles one event at a time. The process takes its work from the harness and ends with it. Two parts differ from AWS,
 * before the bundle is loaded: `Date` shows the time of the invocation, and DNS queries go to the harness.
 */

const MAX_RESPONSE = 6 * 1024 * 1024;
const send = (message: FromProcess) => process.send?.(message);

let ahead = 0;
const RealDate = Date;
const realNow = Date.now.bind(Date);
RealDate.now = () => realNow() + ahead;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now()] : args, newTarget) as object,
  apply: () => new RealDate(RealDate.now()).toString(),
});

const [, ownFile = '', nameServer = ''] = process.argv;
// Compiling a bundle is most of the work of a start, and each bundle starts many times.
enableCompileCache(join(dirname(ownFile), 'compiled'));
class Resolver extends dns.promises.Resolver {
  constructor(options?: dns.ResolverOptions) {
    super(options);
    this.setServers([nameServer]);
  }
}
dns.promises.Resolver = Resolver;
syncBuiltinESMExports();

// Lambda collects both streams in the log of the function.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text: string | Uint8Array) => {
    send({ log: typeof text === 'string' ? text : Buffer.from(text).toString() });
    return true;
  };
}

type Handler = (event: unknown, context: Context) => unknown;
const handler = loadHandler();
handler.catch(() => undefined); // each invocation reports the failure

/** Loads the handler that `_HANDLER` names: a file of the bundle, and its export. */
async function loadHandler(): Promise<Handler> {
  const [file = '', name = ''] = String(process.env['_HANDLER']).split('.');
  const module = (await import(pathToFileURL(join(process.cwd(), `${file}.mjs`)).href)) as Record<string, unknown>;
  if (typeof module[name] !== 'function')
    throw new Error(`${String(process.env['_HANDLER'])} is undefined or not exported`);
  return module[name] as Handler;
}

const errorOf = (error: unknown) =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

async function handle({ event, context, now, lasts }: Invocation): Promise<FromProcess> {
  ahead = now - realNow();
  const endsAt = performance.now() + lasts;
  try {
    const loaded = await handler;
    const answer = await loaded(event, {
      ...context,
      functionVersion: '$LATEST',
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
    } as Context);
    const payload = JSON.stringify(answer ?? null);
    if (Buffer.byteLength(payload) <= MAX_RESPONSE) return { payload };
    return {
      error: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE} bytes).`,
      },
    };
  } catch (error) {
    return { error: errorOf(error) };
  }
}

process.on('message', (invocation: ToProcess) => {
  void handle(invocation).then(send).then(flushCompileCache);
});
process.on('disconnect', () => process.exit());
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    send({ error: errorOf(error) });
    process.exitCode = 1;
    process.disconnect();
  });
}
