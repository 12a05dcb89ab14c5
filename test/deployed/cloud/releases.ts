import type { Front } from './aws/front.ts';
import { startFront } from './aws/front.ts';
import { startNameServer, type NameServer } from './name-server.ts';
import { openRelease, type Release } from './release.ts';
import { editFor, type StageSettings } from './settings.ts';
import type { Edit } from './templates.ts';

/** The servers that all clouds of a test worker share. */
interface Shared {
  readonly front: Front;
  readonly nameServer: NameServer;
}
/** How many releases keep their idle processes. */
const MOST_RELEASES = 3;

let shared: Promise<Shared> | undefined;
/** The releases by their settings, the least recently used first. */
const releases = new Map<string, { readonly release: Release; users: number }>();

/** Returns the front and the name server of this test worker. Starts them at the first call. */
export function openShared(): Promise<Shared> {
  shared ??= (async () => ({ front: await startFront(), nameServer: await startNameServer() }))();
  return shared;
}

/** Returns the folder with the templates and bundles, which the global setup has written. */
function folder(): string {
  const written = process.env['CDK_OUT'];
  if (written === undefined) throw new Error('CDK_OUT is not set. Run the tests with "npm run test:deployed".');
  return written;
}

/** A release in use. `done` must be called once nothing uses it any more. */
export interface UsedRelease {
  readonly release: Release;
  readonly done: () => Promise<void>;
}

/**
 * Returns the release of the settings. Tests with the same settings share the release with its processes. A release
 * with `edits` belongs to its test alone.
 */
export async function useRelease(settings: StageSettings, edits?: readonly Edit[]): Promise<UsedRelease> {
  const { front, nameServer } = await openShared();
  const open = (own: readonly Edit[] = []) =>
    openRelease({ folder: folder(), front, nameServer: nameServer.address, edits: [editFor(settings), ...own] });
  if (edits) {
    const release = open(edits);
    return { release, done: () => release.stop() };
  }
  const key = JSON.stringify(settings);
  const entry = releases.get(key) ?? { release: open(), users: 0 };
  entry.users += 1;
  releases.delete(key);
  releases.set(key, entry);
  return {
    release: entry.release,
    async done() {
      entry.users -= 1;
      const unused = [...releases]
        .filter(([, { users }]) => users === 0)
        .slice(0, Math.max(0, releases.size - MOST_RELEASES));
      for (const [old] of unused) releases.delete(old);
      await Promise.all(unused.map(([, { release }]) => release.stop()));
    },
  };
}
