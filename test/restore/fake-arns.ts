/** Returns the ARN of a table. */
export const arnOf = (table: string): string => `arn:aws:dynamodb:eu-central-1:123456789012:table/${table}`;

/** Returns the ARN of the stream of a table. */
export const streamArnOf = (table: string): string => `${arnOf(table)}/stream/2026-11-30T03:00:00.000`;
