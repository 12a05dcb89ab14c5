/**
 * The only definition of the service's table. The CDK, the local service and the tests create the table from this
 * definition.
 */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** The attribute with the time, in seconds since the epoch, after which DynamoDB may delete the item. */
  timeToLive: 'ttl',
  /**
   * The only GSI. The GSI is sparse: it contains only the items that have the attributes `finderPk` and `finderSk`. The
   * GSI projects only keys, so an update of another attribute, such as a counter, does not write to the GSI. `keys.ts`
   * defines the keys of the GSI.
   */
  finder: { indexName: 'finder', partitionKey: 'finderPk', sortKey: 'finderSk', projection: 'KEYS_ONLY' },
  streamView: 'NEW_IMAGE',
} as const;

/**
 * The table of closing records, which the service keeps about customers that unsubscribed. The closing records have a
 * table of their own, so that restoring the service's table from a backup loses no closing record.
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

/** Returns the input of `CreateTable` for the service's table, billed on demand, with its GSI and its stream. */
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
