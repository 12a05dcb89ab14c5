import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCalendar } from '../functions/domain/calendar.ts';
import { banner } from './banner.ts';
import { claimDataDir, filesOf, hideFromOthers, openLogFile } from './data-dir.ts';
import { provideDemo } from './demo/demo-access.ts';
import { demoPeopleIn } from './demo/demo-people.ts';
import { startEngine } from './aws/engine.ts';
import { explainFailure } from './explain-failure.ts';
import { startService } from './service.ts';
import { noShopKey, startLocalShop, type LocalShop } from './shop.ts';
import { openStageSecret } from './stage-secret.ts';
import { readSettings, shownDir, type Settings } from './settings.ts';
import type { ShopLink } from './local-page.ts';

/** `npm start`: starts the whole service on this machine, and stops the service after a failure or a signal. */

/** The functions that stop the parts of the service, in the order in which the parts were started. */
const endings: (() => Promise<unknown>)[] = [];
let ended: Promise<never> | undefined;
/** The folder that contains the built console. `npm start` builds the console before it runs this file. */
const BUILT_CONSOLE = join(import.meta.dirname, '../web/dist');
/** How many milliseconds this process waits, after a signal, for unfinished work to end. */
const ENDS_WITHIN = 5_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
let settings: Settings | undefined;
try {
  settings = readSettings(process.env);
  console.log(await start(settings));
} catch (error) {
  // A signal during the start makes the start fail. The user sent the signal, so this failure needs no message.
  if (!ended) console.error(explainFailure(error, settings));
  await end(1);
}

async function start(given: Settings): Promise<string> {
  const { PORT: port, DATA_DIR: dataDir, DYNAMODB_ENDPOINT: running, SERVICE_TIME_ZONE: timeZone } = given;
  const files = filesOf(dataDir);
  endings.push(await claimDataDir(dataDir, `http://localhost:${port}/`));
  const { log, close } = openLogFile(files.log);
  endings.push(close);
  await hideFromOthers(dataDir, log);

  let isLoading = false;
  // If this process stops while the demo loads, the next start cannot use the incomplete demo. This function therefore
  // deletes the files with the demo's data. If the data is in a DynamoDB engine that the user runs, the function
  // deletes nothing.
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
  let shopLink: ShopLink | undefined;
  const service = await startService({
    endpoint,
    port,
    timeZone,
    unsubscribeGraceHours: given.UNSUBSCRIBE_GRACE_HOURS,
    log,
    outboxFile: files.outbox,
    queueFile: files.queue,
    limitsSignUps: given.SIGN_UP_LIMITS === 'on',
    verifiesDomains: given.VERIFY_DOMAINS === 'on',
    stageSecret: await openStageSecret(files.stageSecret),
    people: (table) => (hasDemo ? demoPeopleIn(table) : Promise.resolve([])),
    shop: () => shopLink,
    consoleFolder: BUILT_CONSOLE,
  });
  endings.push(() => service.stop());

  const { url } = service;
  const demo = await provideDemo({
    url,
    calendar: createCalendar(timeZone),
    file: files.demo,
    wanted: given.DEMO === 'on',
    withShop: given.SHOP === 'on',
    onLoading: () => {
      isLoading = true;
      console.log('Loading demo customers with twelve months of data. This takes a few seconds …\n');
    },
  });
  isLoading = false;
  hasDemo = demo !== undefined;
  const people = hasDemo ? await demoPeopleIn(service.table) : [];
  let shop: LocalShop | undefined;
  if (demo && given.SHOP === 'on') {
    const { shopKey: apiKey, email } = demo;
    shop = apiKey === undefined ? noShopKey(email) : await startLocalShop({ url, port: given.SHOP_PORT, apiKey, log });
    if (shop.stop) endings.push(shop.stop);
    if (shop.url !== undefined) shopLink = { url: shop.url, email };
  }
  return banner({ url, timeZone, dataDir: shownDir(given), demo, people, shop });
}

/**
 * Stops all parts of the service in the reverse of the order in which they were started. Then stops this process. The
 * embedded DynamoDB engine always stops with this process.
 */
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
