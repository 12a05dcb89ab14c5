import type { OnDemandThroughput, TableDescription } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { maximaLike } from '../../bin/restore/tables.ts';

const maxima = (MaxReadRequestUnits: number, MaxWriteRequestUnits: number) => ({
  MaxReadRequestUnits,
  MaxWriteRequestUnits,
});
const tableWith = (table?: OnDemandThroughput, index = table): TableDescription => ({
  ...(table && { OnDemandThroughput: table }),
  GlobalSecondaryIndexes: [{ IndexName: 'finder', ...(index && { OnDemandThroughput: index }) }],
});
const ofIndex = (OnDemandThroughput: OnDemandThroughput) => ({
  GlobalSecondaryIndexUpdates: [{ Update: { IndexName: 'finder', OnDemandThroughput } }],
});

it.each<[string, TableDescription | undefined, TableDescription, object | undefined]>([
  ['nothing if both have none', tableWith(), tableWith(), undefined],
  ['nothing if there is no former table', undefined, tableWith(maxima(1, 2)), undefined],
  ['nothing if -1 stands for none', tableWith(), tableWith(maxima(-1, -1)), undefined],
  [
    'nothing if only the order of the attributes differs',
    tableWith(maxima(500, 600)),
    tableWith({ MaxWriteRequestUnits: 600, MaxReadRequestUnits: 500 }),
    undefined,
  ],
  [
    'the maxima of the table and of the index',
    tableWith(maxima(500, 600)),
    tableWith(),
    { OnDemandThroughput: maxima(500, 600), ...ofIndex(maxima(500, 600)) },
  ],
  [
    'only the maxima that differ',
    tableWith(maxima(500, 600), maxima(700, 800)),
    tableWith(maxima(500, 600)),
    ofIndex(maxima(700, 800)),
  ],
  [
    'a maximum of one kind of units',
    tableWith({ MaxReadRequestUnits: 500 }),
    tableWith(),
    { OnDemandThroughput: maxima(500, -1), ...ofIndex(maxima(500, -1)) },
  ],
  [
    'no maxima, if only the restored table has some',
    tableWith(),
    tableWith(maxima(500, 600)),
    { OnDemandThroughput: maxima(-1, -1), ...ofIndex(maxima(-1, -1)) },
  ],
])('the restored table gets %s', (_, former, restored, change) => {
  expect(maximaLike(former, restored)).toEqual(change);
});
