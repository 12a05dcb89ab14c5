import type { StageSettings } from '../../config/stage.ts';
import { RestoreError } from '../../bin/restore/restore-error.ts';
import { runRestore } from '../../bin/restore/run-restore.ts';
import type { RestoreRequest, RestoreSurroundings } from '../../bin/restore/restore.ts';
import { printCustomers, reapplyToTable } from '../../bin/restore/reapply-to-table.ts';
import { readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { synthesize, type SynthesizedService } from '../infrastructure/synthesize.ts';
import type { Called, Input } from './fake-calls.ts';
import type { FakeCloud } from './fake-cloud.ts';

type Settings = Partial<StageSettings>;
const services = new Map<string, Promise<SynthesizedService>>();

/** Returns the stage `production` with some other settings. Synthesizes each combination of settings once. */
export function serviceWith(settings: Settings): Promise<SynthesizedService> {
  const key = JSON.stringify(settings);
  const service = services.get(key) ?? synthesize('production', { settings });
  services.set(key, service);
  return service;
}

/** An operator who runs `npm run restore` and does what it prints. `deployed` are the present settings of the stage. */
export function newOperator(
  cloud: FakeCloud,
  clock: { time: number },
  request: Omit<RestoreRequest, 'stage'>,
  deployed: Settings = {},
) {
  const log: string[] = [];
  const onItems: Called[] = [];
  /** Opens a table as bin/restore.ts does, and notes the calls. */
  function open(name: string): Table {
    const table = openTable(name, { ...cloud.config, random: Math.random });
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (args) => {
          onItems.push({ commandName, input: args.input as unknown as Input });
          return next(args);
        },
      { step: 'initialize' },
    );
    return table;
  }
  let settings = deployed;
  let deleteFormerTable: string[] | undefined;
  const surroundings: RestoreSurroundings = {
    clients: cloud.clients,
    clock: { now: () => clock.time },
    wait: (milliseconds) => {
      clock.time += Math.max(milliseconds, 0);
      return Promise.resolve();
    },
    print: (line) => {
      log.push(line);
    },
    readClosingRecords: (name) => readKeptClosingRecords(open(name)),
    reapply: ({ table, closingRecords }, at) =>
      reapplyToTable(open(table), open(closingRecords), { at, log: printCustomers((line) => log.push(line)) }),
  };
  const run = (more: Partial<RestoreRequest> = {}) =>
    runRestore({ stage: 'production', ...request, deleteFormerTable, ...more }, surroundings);
  return {
    log,
    /** The calls to the items of tables so far. */
    onItems,
    surroundings,
    settings: () => settings,
    run,
    /** Runs the restore, and does what it asks for, until it asks for the step `title`. */
    async runUntil(title: string) {
      for (let runs = 0; runs < 10; runs += 1) {
        const outcome = await run();
        if (outcome !== 'waiting') throw new Error(`The restore is ${outcome} and did not ask for ${title}`);
        if (log.findLast((line) => line.startsWith('you '))?.includes(title)) return;
        await this.obey();
      }
      throw new Error(`The restore does not ask for ${title}`);
    },
    /** Runs the restore, and returns the message of the `RestoreError` with which it stops. */
    async runToError() {
      const failed = await run().catch((thrown: unknown) => thrown);
      if (failed instanceof RestoreError) return failed.message;
      throw new Error('The restore did not stop with an error for the operator', { cause: failed });
    },
    /** Does what the last run has asked for: changes the settings of the stage, and deploys. Only follows the lines. */
    async obey() {
      const lines = log.slice(log.findLastIndex((line) => line.startsWith('you ')));
      const removes = lines.some((line) => /\bremove this\b/i.test(line));
      const changes = lines.flatMap((line) => {
        const [, name, value] = /^ {11}(\w+): (.*),$/.exec(line) ?? [];
        return name === undefined || value === undefined
          ? []
          : [[name, JSON.parse(value.replaceAll("'", '"')) as unknown] as const];
      });
      const changed = changes.map(([name]) => name);
      const kept = Object.entries(settings).filter(([name]) => !changed.includes(name));
      settings = Object.fromEntries([...kept, ...(removes ? [] : changes)]);
      const allowed = lines.map((line) => / --delete-former-table (.+)$/.exec(line)?.[1]).find(Boolean);
      deleteFormerTable = allowed?.split(' ');
      if (lines.some((line) => line.includes('npx cdk deploy --all -c stage=production'))) {
        cloud.deploy(await serviceWith(settings));
        // A deployment takes a few minutes.
        clock.time += 5 * 60_000;
      }
    },
  };
}
