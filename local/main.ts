import { createWriteStream, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Log } from '../functions/domain/services.ts';
import { startEngine } from './engine.ts';
import { startService } from './service.ts';

/** `npm start`: brings everything up on this machine, and takes it down again when it is interrupted. */
const { PORT = '3000', DATA_DIR = '.local', DEMO, SERVICE_TIME_ZONE, DYNAMODB_ENDPOINT } = process.env;
const dataDir = resolve(DATA_DIR);

try {
  mkdirSync(dataDir, { recursive: true });
  const engine = DYNAMODB_ENDPOINT === undefined ? await startEngine(join(dataDir, 'dynamodb.sqlite')) : undefined;
  const service = await startService({
    endpoint: engine?.endpoint ?? (DYNAMODB_ENDPOINT as string),
    port: Number(PORT),
    ...(SERVICE_TIME_ZONE !== undefined && { timeZone: SERVICE_TIME_ZONE }),
    log: fileLog(join(dataDir, 'service.log')),
    outboxFile: join(dataDir, 'outbox.jsonl'),
  });
  console.log(`FIDO2 Server Service is at ${service.url}`, DEMO);
  const stop = () => {
    void service
      .stop()
      .then(() => engine?.stop())
      .then(() => process.exit(0));
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** What the functions log in AWS goes to a file here, one JSON line each. */
function fileLog(file: string): Log {
  const stream = createWriteStream(file, { flags: 'a' });
  const line = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const { error, ...others } = fields ?? {};
    const cause = error instanceof Error ? { error: error.stack } : {};
    stream.write(`${JSON.stringify({ level, message, at: new Date().toISOString(), ...others, ...cause })}\n`);
  };
  return { info: line('INFO'), warn: line('WARN'), error: line('ERROR') };
}
