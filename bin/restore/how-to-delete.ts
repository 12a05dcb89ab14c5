import type { TableDescription } from '@aws-sdk/client-dynamodb';

/**
 * Returns what to do with a restored table that has not served. The mark that it has served is missing if the command
 * was not repeated after the service had started. Only a table with a stream can serve.
 */
export const howToGiveUp = ({ TableName = '', LatestStreamArn }: TableDescription): readonly string[] => [
  ...(LatestStreamArn === undefined
    ? []
    : [
        'If the service has run with this table, do not delete it: it alone contains the changes since then.',
        `Let the service run with it again (restoredTable: '${LatestStreamArn}'), and repeat this command.`,
        'Otherwise:',
      ]),
  'Delete this table, and repeat the command:',
  ...howToDelete(TableName),
];

/**
 * Returns the commands that delete a restored table. They switch off the backups first, because DynamoDB keeps a backup
 * of a deleted table with backups for 35 days. DynamoDB deletes no table whose settings it still changes.
 */
export const howToDelete = (table: string): readonly string[] => [
  `  aws dynamodb update-continuous-backups --table-name ${table} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false`,
  `  aws dynamodb update-table --table-name ${table} --no-deletion-protection-enabled`,
  `  aws dynamodb wait table-exists --table-name ${table}`,
  `  aws dynamodb delete-table --table-name ${table}`,
];
