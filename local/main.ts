import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCalendar } from '../functions/domain/calendar.ts';
import { banner } from './banner.ts';
import { claimDataDir, filesOf, openLogFile } from './data-dir.ts';
import { provideDemo } from './demo/demo-access.ts';
import { demoPeopleIn } from './demo/demo-people.ts';
import { startEngine } from './aws/engine.ts';
import { explainFailure } from './explain-failure.ts';
import { startService } from './service.ts';
import { readSettings, shownDir, type Settings } from './settings.ts';

/** `npm start`: brings everything up on this machine, and takes it down again when it fails or is told to end. */

/** What ends each thing that was begun, in the order of beginning. */
const endings: (() => Promise<unknown>)[] = [];
let ended: Promise<never> | undefined;
/** Where the console is built to, which `npm start` sees to before it runs this. */
const BUILT_CONSOLE = join(import.meta.dirname, '../web/dist');
/** How long work that was begun may take to end, in milliseconds. */
const ENDS_WITHIN = 5_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
let settings: Settings | undefined;
try {
  settings = readSettings(process.env);
  console.log(await start(settings));
} catch (error) {
  // Told to end while it started, it fails somewhere, which nobody needs to know.
  if (!ended) console.error(explainFailure(error, settings));
  await end(1);
}

async function start(given: Settings): Promise<string> {
  const { PORT: port, DATA_DIR: dataDir, DYNAMODB_ENDPOINT: running, SERVICE_TIME_ZONE: timeZone } = given;
  const files = filesOf(dataDir);
  endings.push(await claimDataDir(dataDir, `http://localhost:${port}/`));
  const { log, close } = openLogFile(files.log);
  endings.push(close);

  let isLoading = false;
  // Of no use to the next start, a part of the demo goes again; not where it is in somebody else's database.
  endings.push(async () => {
    if (!isLoading || running !== undefined) return;
    await Promise.all(
      [...files.databaseFiles, files.outbox, files.queue, files.demo].map((file) => rm(file, { force: true })),
    );
  });
  let endpoint = running;
  if (endpoint === undefined) {
    const engine = await startEngine(files.database);
    endings.push(() => engine.stop());
    ({ endpoint } = engine);
  }

  let hasDemo = false;
  const service = await startService({
    endpoint,
    port,
    timeZone,
    log,
    outboxFile: files.outbox,
    queueFile: files.queue,
    people: (table) => (hasDemo ? demoPeopleIn(table) : Promise.resolve([])),
    consoleFolder: existsSync(BUILT_CONSOLE) ? BUILT_CONSOLE : undefined,
  });
  endings.push(() => service.stop());

  const { url } = service;
  const demo = await provideDemo({
    url,
    calendar: createCalendar(timeZone),
    file: files.demo,
    wanted: given.DEMO === 'on',
    onLoading: () => {
      isLoading = true;
      console.log('Loading the demo customers, twelve months of them: a few seconds …\n');
    },
  });
  isLoading = false;
  hasDemo = demo !== undefined;
  const people = hasDemo ? await demoPeopleIn(service.table) : [];
  return banner({ url, timeZone, dataDir: shownDir(given), demo, people });
}

/** Ends what was begun, the last one first, and this process. The engine ends with the process whatever happens here. */
function end(exitCode: number): Promise<never> {
  ended ??= Promise.race([endAll(), sleep(ENDS_WITHIN)]).then(() => process.exit(exitCode));
  return ended;
}

async function endAll(): Promise<void> {
  for (const ending of endings.toReversed()) {
    await ending().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
    });
  }
}
