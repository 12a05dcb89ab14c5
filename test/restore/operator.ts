import type { StageSettings } from '../../config/stage.ts';
import { runRestore } from '../../bin/restore/run-restore.ts';
import type { RestoreRequest, RestoreSurroundings } from '../../bin/restore/restore.ts';
import { printCustomers, reapplyToTable } from '../../bin/restore/reapply-to-table.ts';
import { readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { synthesize, type SynthesizedService } from '../infrastructure/synthesize.ts';
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
  let settings = deployed;
  let deleteFormerTable: string | undefined;
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
    readClosingRecords: (name) => readKeptClosingRecords(openTable(name, { ...cloud.config, random: Math.random })),
    reapply: ({ table, closingRecords }, at) => {
      const open = (name: string) => openTable(name, { ...cloud.config, random: Math.random });
      return reapplyToTable(open(table), open(closingRecords), { at, log: printCustomers((line) => log.push(line)) });
    },
  };
  return {
    log,
    surroundings,
    settings: () => settings,
    run: (more: Partial<RestoreRequest> = {}) =>
      runRestore({ stage: 'production', ...request, deleteFormerTable, ...more }, surroundings),
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
      deleteFormerTable = lines.map((line) => / --delete-former-table (\S+)$/.exec(line)?.[1]).find(Boolean);
      if (lines.some((line) => line.includes('npx cdk deploy --all -c stage=production'))) {
        cloud.deploy(await serviceWith(settings));
        // A deployment takes a few minutes.
        clock.time += 5 * 60_000;
      }
    },
  };
}
