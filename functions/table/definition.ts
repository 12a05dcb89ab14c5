/**
 * The one definition of the table, from which the CDK, the local service and the tests create it. Data only.
 */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** The attribute with the time, in seconds since the epoch, after which DynamoDB may delete the item. */
  timeToLive: 'ttl',
  /**
   * The one GSI. It is sparse: it contains only the items that have the attributes `finderPk` and `finderSk`. It
   * projects keys only, so a change of a counter does not write to the index. `keys.ts` lists its entries.
   */
  finder: { indexName: 'finder', partitionKey: 'finderPk', sortKey: 'finderSk', projection: 'KEYS_ONLY' },
  streamView: 'NEW_IMAGE',
} as const;

/**
 * The table of closing records. It is separate from the service's table, so that restoring that table from a backup
 * loses no closing record.
 */
export const closingRecordsDefinition = { partitionKey: 'pk', sortKey: 'sk' } as const;

const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];
const texts = (...names: readonly string[]) =>
  names.map((name) => ({ AttributeName: name, AttributeType: 'S' as const }));

/** Returns the input of `CreateTable` for a table of closing records, billed on demand. */
export function createClosingRecordsTableInput(tableName: string) {
  const { partitionKey, sortKey } = closingRecordsDefinition;
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: texts(partitionKey, sortKey),
    KeySchema: key(partitionKey, sortKey),
  };
}

/** Returns the input of `CreateTable` for the service's table, billed on demand, with its index and its stream. */
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
