import { CALLERS, USERS_A_REQUEST } from './import.ts';
import { fixed, notes, section, table, whole } from './report.ts';
import type { Results } from './results.ts';

/** What a handler adds around its domain call, and how fast users are imported. */
export function handlersSection({ overhead, imported }: Results): string {
  const { unitsAUser } = imported;
  return section(
    'Handlers',
    table(
      ['report-operations, ms, medians', 'handler', 'domain', 'added'],
      overhead.overheads.map(({ request, handler, domain }) => [
        request,
        fixed(handler, 3),
        fixed(domain, 3),
        fixed(handler - domain, 3),
      ]),
    ),
    notes(`The handler logs ${whole(overhead.logLine)} bytes a request. Both include the key check, from memory.`),
    table(
      ['import', 'users a second', 'read units a user', 'write units a user'],
      [
        [
          `${whole(imported.users)} users, ${CALLERS} callers, ${USERS_A_REQUEST} a request`,
          whole(imported.usersASecond),
          fixed(unitsAUser.read, 3),
          fixed(unitsAUser.write, 3),
        ],
      ],
    ),
    notes(
      'Here transactions never meet. In AWS those of one customer do, on its count of users: they are tried again with jitter',
      'for 2 seconds, and a cancelled try costs units as well.',
    ),
  );
}

/** Each function's bundle. */
export function bundlesSection({ bundles }: Results): string {
  return section(
    'Bundles, as the CDK deploys them',
    table(
      ['function', 'KB minified', 'KB gzipped', 'ms to load', 'fastest'],
      bundles.map(({ name, bytes, gzippedBytes, load }) => [
        name,
        fixed(bytes / 1_000, 1),
        fixed(gzippedBytes / 1_000, 1),
        load ? fixed(load.median, 0) : '',
        load ? fixed(load.fastest, 0) : '',
      ]),
    ),
  );
}

/** What of AWS's rules the engine was found to follow, and what was added by rule. */
export function rulesSection({ rules }: Results): string {
  const differ = rules.filter(({ aws, engine }) => aws !== engine);
  return section(
    'What the units rely on',
    table(
      ['call', "AWS's documented rule", 'this engine'],
      rules.map(({ rule, aws, engine }) => [rule, aws, engine]),
    ),
    notes(
      differ.length === 0
        ? 'The engine follows all of them.'
        : `The engine differs in ${differ.length}: the figures are the engine's.`,
      "A refused write reports no units, in AWS neither. By AWS's rule a conditional put that fails costs 1 write unit for an item",
      'under 1 KB: that is added. For a cancelled transaction 2 write units are added for each item whose condition was false;',
      'whether AWS charges the other items is not documented: see "at most".',
      'The engine throttles nothing and its transactions never meet: what tries for those reasons cost is not in the figures.',
    ),
  );
}
