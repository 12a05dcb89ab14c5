/**
 * Why a question has no answer. `credentials`: there are no valid credentials, or no region. `denied`: the credentials
 * lack a right. `unreachable`: the other side did not answer, or answered with an error that the checks do not expect.
 */
type Why = 'credentials' | 'denied' | 'unreachable';

/** The error for a question that AWS or the name servers did not answer. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
  readonly why: Why;
  /** The next step of the operator. */
  readonly next: string;
  constructor(why: Why, message: string, next: string, options?: ErrorOptions) {
    super(message, options);
    this.why = why;
    this.next = next;
  }
}

/** The names of the errors with which AWS services say that the credentials lack a right. */
const DENIALS = ['AccessDenied', 'AccessDeniedException', 'AuthorizationError', 'AuthorizationErrorException'];
/** The names of the errors that say that the credentials are missing, wrong or expired. */
const BAD_CREDENTIALS = [
  ...['CredentialsProviderError', 'TokenProviderError', 'InvalidClientTokenId', 'UnrecognizedClientException'],
  ...['InvalidSignatureException', 'SignatureDoesNotMatch', 'IncompleteSignature', 'MissingAuthenticationToken'],
  ...['MissingAuthenticationTokenException', 'ExpiredToken', 'ExpiredTokenException', 'InvalidAccessKeyId'],
];

/**
 * Returns the error for a question to AWS that failed.
 *
 * @param right the IAM action that the question needs; undefined if it needs none
 * @param subject the name of the question in the error's message
 */
export function unanswered(error: unknown, right: string | undefined, subject: string): UnansweredError {
  const cause = error as Error & { readonly code?: unknown };
  if (cause.message === 'Region is missing')
    return new UnansweredError('credentials', 'no region is set', 'Set the region, such as AWS_REGION=us-east-1.');
  if (BAD_CREDENTIALS.includes(cause.name))
    return new UnansweredError(
      'credentials',
      `AWS accepts none of your credentials (${cause.name})`,
      'Set or renew the AWS credentials, such as AWS_PROFILE=operator.',
    );
  if (right !== undefined && DENIALS.includes(cause.name))
    return new UnansweredError('denied', `the right ${right} is missing`, `Allow ${right} to these credentials.`);
  const reason = typeof cause.code === 'string' ? cause.code : `${cause.name}: ${cause.message}`;
  return new UnansweredError(
    'unreachable',
    `no answer about ${subject} (${reason})`,
    'Check the network and the region, and run the preflight again.',
    { cause },
  );
}
