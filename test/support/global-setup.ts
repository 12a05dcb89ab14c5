import type { TestProject } from 'vitest/node';
import { startEngine } from '../../local/engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Endpoint of the DynamoDB-compatible engine that all tests of a run share. */
    engine: string;
  }
}

/** Starts one engine, in memory, for the whole run, unless `DYNAMODB_ENDPOINT` names one. Gives what stops it. */
export default async function provideEngine({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> {
  const running = process.env['DYNAMODB_ENDPOINT'];
  if (running !== undefined) {
    provide('engine', running);
    return undefined;
  }
  const engine = await startEngine();
  provide('engine', engine.endpoint);
  return () => engine.stop();
}
