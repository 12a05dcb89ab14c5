import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import ts from 'typescript';
import {
  BUCKETS,
  activeUserKey,
  activeUsersOf,
  customerFinder,
  licenseKey,
  licensesOf,
  mauBetween,
  parseActiveUserPk,
  parseCustomerFinder,
  parsePendingAlertFinder,
  pendingAlertFinder,
  rpIdKey,
  rpKey,
  rpMauKey,
  rpsOf,
  totalMauKey,
  usersOf,
} from '../../functions/table/keys.ts';
import { nodesOf, sourcesIn, type Source } from '../structure/sources.ts';

const rp = fc.stringMatching(/^rp_[0-9a-z]{20}$/);
const month = fc
  .tuple(fc.integer({ min: 2000, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, number]) => `${year}-${String(number).padStart(2, '0')}`);
const userId = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._~:@+=-]{0,127}$/);

describe('key prefixes such as USER#', () => {
  /** Returns the key prefixes, such as `USER#`, in a file's strings, templates and regular expressions. */
  function prefixesIn({ tree }: Source): string[] {
    return nodesOf(tree).flatMap((node) =>
      ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isRegularExpressionLiteral(node)
        ? [...node.text.matchAll(/(?<![A-Za-z0-9])[A-Z][A-Z-]+#/g)].map(([prefix]) => prefix)
        : [],
    );
  }
  /** Returns the key prefixes that `keys.ts` builds from the names of partition kinds, such as `CUSTOMER`. */
  const kindsIn = ({ tree }: Source): string[] =>
    nodesOf(tree).flatMap((node) =>
      ts.isStringLiteral(node) && /^[A-Z][A-Z-]+$/.test(node.text) ? [`${node.text}#`] : [],
    );
  const sources = sourcesIn('functions', 'local', 'lib', 'bin');

  it('appear in keys.ts', () => {
    const keys = sources.find(({ file }) => file === 'functions/table/keys.ts');
    expect(keys && [...prefixesIn(keys), ...kindsIn(keys)]).toEqual(
      expect.arrayContaining([
        'CUSTOMER#',
        'ADMINISTRATOR#',
        'PASSKEY#',
        'CHALLENGE#',
        'LICENSE#',
        'RP#',
        'RP-ID#',
        'MAU#',
        'STATEMENT#',
        'USER#',
        'ACTIVE#',
        'EMAIL#',
        'SESSION#',
        'LINK#',
        'API-KEY#',
        'CHECKPOINT#',
        'ALERT#',
        'CURSOR#',
        'PENDING-ALERTS#',
      ]),
    );
  });

  it('appear in no file other than keys.ts', () => {
    const found = sources
      .filter(({ file }) => file !== 'functions/table/keys.ts')
      .map((source) => ({ file: source.file, prefixes: prefixesIn(source) }));
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ prefixes }) => prefixes.length > 0)).toEqual([]);
  });
});

describe('the key of an active-user record', () => {
  it('can be parsed back into the RP and the month', () => {
    fc.assert(
      fc.property(rp, month, userId, (anRp, aMonth, user) => {
        expect(parseActiveUserPk(activeUserKey(anRp, aMonth, user).pk)).toEqual({ rpRef: anRp, month: aMonth });
      }),
    );
  });

  it('is in exactly one of the 16 partitions for its RP and month', () => {
    fc.assert(
      fc.property(rp, month, userId, (anRp, aMonth, user) => {
        const { pk, sk } = activeUserKey(anRp, aMonth, user);
        const ranges = activeUsersOf(anRp, aMonth);
        expect(ranges).toHaveLength(16);
        expect(ranges.filter((range) => range.pk === pk && sk.startsWith(range.prefix))).toHaveLength(1);
      }),
    );
  });

  it('distributes users evenly over all partitions', () => {
    const counts = new Map(BUCKETS.map((bucket) => [bucket, 0]));
    for (let user = 0; user < 16_000; user += 1) {
      const bucket = activeUserKey('rp_a', '2026-11', `user-${user}`).pk.slice(-2);
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...BUCKETS]);
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });

  it('differs for each combination of RP, month and user', () => {
    fc.assert(
      fc.property(fc.tuple(rp, month, userId), fc.tuple(rp, month, userId), (one, other) => {
        fc.pre(one.join(' ') !== other.join(' '));
        expect(activeUserKey(...one)).not.toEqual(activeUserKey(...other));
      }),
    );
  });

  it.each([
    '',
    'ACTIVE#',
    'ACTIVE#rp_a#2026-11',
    'ACTIVE#rp_a#2026-11#',
    'ACTIVE#rp_a#2026-11#10',
    'ACTIVE#rp_a#2026-11#0g',
    'ACTIVE#rp_a#2026-1#0a',
    'ACTIVE#rp_A#2026-11#0a',
    'ACTIVE#cus_a#2026-11#0a',
    'ACTIVE#rp_a#b#2026-11#0a',
    ' ACTIVE#rp_a#2026-11#0a',
    'ACTIVE#rp_a#2026-11#0a\n',
    'RP#rp_a',
    'MAIL#mail_a',
  ])('cannot be parsed from "%s"', (pk) => {
    expect(parseActiveUserPk(pk)).toBeUndefined();
  });
});

describe('a key in the GSI named finder', () => {
  const customerId = fc.stringMatching(/^cus_[0-9a-z]{20}$/);
  const threshold = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

  it('can be parsed back into the ID of a customer and the threshold of an enabled MAU alert', () => {
    fc.assert(
      fc.property(customerId, fc.option(threshold), (id, setting) => {
        expect(parseCustomerFinder(customerFinder(id, setting))).toEqual({ customerId: id, threshold: setting });
      }),
    );
  });

  it('can be parsed back into the levels of an enabled MAU alert, with and without a threshold', () => {
    const levels = fc.array(
      fc.oneof(
        threshold.map(String),
        threshold.map((of) => `${of}%`),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(customerId, fc.option(threshold), levels, customerId, (id, setting, of, other) => {
        const key = customerFinder(id, setting, of);
        expect(parseCustomerFinder(key)).toEqual({ customerId: id, threshold: setting, levels: of });
        expect(key.finderSk < customerFinder(other, null).finderSk).toBe(id < other);
      }),
    );
  });

  it('sorts by the ID of the customer, whatever the threshold of the MAU alert is', () => {
    fc.assert(
      fc.property(customerId, fc.option(threshold), customerId, fc.option(threshold), (one, its, other, others) => {
        fc.pre(one !== other);
        expect(customerFinder(one, its).finderPk).toBe(customerFinder(one, null).finderPk);
        expect(customerFinder(one, its).finderSk < customerFinder(other, others).finderSk).toBe(one < other);
      }),
    );
  });

  it('can be parsed back into the customer, the month and the threshold of a pending alert', () => {
    fc.assert(
      fc.property(customerId, month, threshold, (id, aMonth, exceeded) => {
        const found = pendingAlertFinder(id, aMonth, exceeded);
        expect(parsePendingAlertFinder(found)).toEqual({ customerId: id, month: aMonth, threshold: exceeded });
      }),
    );
  });
});

describe('key ranges', () => {
  it('for the MAU counters of a period contain exactly the counters of the months in the period', () => {
    fc.assert(
      fc.property(month, month, month, rp, (one, other, asked, anRp) => {
        const [first, last] = [one, other].sort() as [string, string];
        const { pk, from, to } = mauBetween('cus_a', first, last);
        for (const counter of [rpMauKey('cus_a', asked, anRp), totalMauKey('cus_a', asked)]) {
          expect(counter.pk).toBe(pk);
          expect(from <= counter.sk && counter.sk <= to).toBe(first <= asked && asked <= last);
        }
      }),
    );
  });

  it('for RPs do not contain the items that reserve domain names', () => {
    const { pk, prefix } = rpsOf('cus_a');
    expect(rpKey('cus_a', 'rp_a')).toEqual({ pk, sk: expect.stringMatching(`^${prefix}`) as unknown });
    expect(rpIdKey('cus_a', 'example.com').sk.startsWith(prefix)).toBe(false);
  });

  it('for the users of an RP are outside the partition of the customer', () => {
    expect(usersOf('rp_a').pk).not.toBe(rpKey('cus_a', 'rp_a').pk);
  });

  it('for licenses contain the licenses in the order of their start times', () => {
    const time = fc.integer({ min: 0, max: Date.parse('9999-01-01T00:00:00Z') });
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [a, b] = [licenseKey('cus_a', one), licenseKey('cus_a', other)];
        expect(a.sk < b.sk).toBe(one < other);
        expect(a).toEqual({
          pk: licensesOf('cus_a').pk,
          sk: expect.stringMatching(`^${licensesOf('cus_a').prefix}`) as unknown,
        });
      }),
    );
  });
});
