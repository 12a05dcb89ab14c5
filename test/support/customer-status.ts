import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Customer } from '../../functions/table/customers/customers.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { customerKey } from '../../functions/table/keys.ts';

/** Sets the status of a customer, and changes no other attribute and no other item. */
export async function setStatus(table: Table, customerId: string, status: Customer['status']): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: customerKey(customerId),
      UpdateExpression: 'SET #status = :status',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':status': status },
    }),
  );
}
