import type { AwsCall, AwsReply } from './front.ts';

/** A right that a call needs: AWS decides about each need on its own, and refuses the call if it denies one of them. */
export interface Need {
  /** The action, such as `dynamodb:PutItem`. */
  readonly action: string;
  /** The ARN of the resource, or `*`. */
  readonly resource: string;
  /** The condition keys of this action. @default - only the global keys */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A call that a service has understood. `run` must be called only when all needs are allowed. */
export interface Prepared {
  readonly needs: readonly Need[];
  readonly run: () => Promise<AwsReply> | AwsReply;
}
/** Reads a call of one service of AWS. Throws `AwsError` for a call that AWS refuses before it looks at rights. */
export type AwsService = (call: AwsCall) => Prepared;

/** An error with the code with which AWS refuses a call. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Returns the operation and the input of a call in AWS's JSON protocol. */
export function readJsonCall({ headers, body }: AwsCall): { operation: string; input: Record<string, unknown> } {
  const [, operation = ''] = String(headers['x-amz-target']).split('.');
  return { operation, input: JSON.parse(body || '{}') as Record<string, unknown> };
}

export const json = (value: unknown): AwsReply => ({ body: JSON.stringify(value) });

/** Throws for an operation that the harness does not play. */
export function unknownOperation(service: string, operation: string): never {
  throw new AwsError('UnknownOperationException', `The tests do not know the call ${operation} of ${service}.`);
}

/** Returns the answer to a call that failed, in the protocol of its service: XML for SES, and otherwise JSON. */
export function failure({ service }: AwsCall, { code, message, status }: AwsError): AwsReply {
  if (service !== 'ses') return { status, body: JSON.stringify({ __type: code, message }) };
  const escaped = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body: `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  };
}
