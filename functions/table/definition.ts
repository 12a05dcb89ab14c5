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

/** Gives the input of `CreateTable` for a table of that name, on demand, with its index and its stream. */
export function createTableInput(tableName: string) {
  const { partitionKey, sortKey, finder, streamView } = tableDefinition;
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST' as const,
    AttributeDefinitions: [partitionKey, sortKey, finder.partitionKey, finder.sortKey].map((name) => ({
      AttributeName: name,
      AttributeType: 'S' as const,
    })),
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
