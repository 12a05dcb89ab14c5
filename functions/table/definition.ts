/**
 * The one definition of the table: the CDK, the local service and the tests all create it from here. Data only.
 */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since the epoch after which DynamoDB may delete the item. */
  timeToLive: 'ttl',
  /**
   * The one GSI, sparse: an item is in it when it has these two attributes. Keys only, so that nothing which changes
   * with use is projected and a counter that moves writes nothing here. What stands in it is said in `keys.ts`.
   */
  finder: { indexName: 'finder', partitionKey: 'finderPk', sortKey: 'finderSk', projection: 'KEYS_ONLY' },
  streamView: 'NEW_IMAGE',
} as const;

/** The table of closing records, apart from the one that they speak of: a backup of that one takes none of them back. */
export const closingRecordsDefinition = { partitionKey: 'pk', sortKey: 'sk' } as const;

const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];
const texts = (...names: readonly string[]) =>
  names.map((name) => ({ AttributeName: name, AttributeType: 'S' as const }));

/** Gives the input of `CreateTable` for a table of closing records of that name, on demand. */
export function createClosingRecordsTableInput(tableName: string) {
  const { partitionKey, sortKey } = closingRecordsDefinition;
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: texts(partitionKey, sortKey),
    KeySchema: key(partitionKey, sortKey),
  };
}

/** Gives the input of `CreateTable` for a table of that name, on demand, with its index and its stream. */
export function createTableInput(tableName: string) {
  const { partitionKey, sortKey, finder, streamView } = tableDefinition;
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: texts(partitionKey, sortKey, finder.partitionKey, finder.sortKey),
    KeySchema: key(partitionKey, sortKey),
    GlobalSecondaryIndexes: [
      {
        IndexName: finder.indexName,
        KeySchema: key(finder.partitionKey, finder.sortKey),
        Projection: { ProjectionType: finder.projection },
      },
    ],
    StreamSpecification: { StreamEnabled: true, StreamViewType: streamView },
  };
}
