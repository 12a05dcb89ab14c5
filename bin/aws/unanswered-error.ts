/**
 * Why a question has no answer. `credentials`: there are no valid credentials, or no region. `denied`: the credentials
 * lack a right. `unreachable`: the other side did not answer, or answered with an error that nobody expects.
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
/** The message of the SDK's error if no region is set. The error has no name of its own. */
const NO_REGION = 'Region is missing';
/** The names of the errors of the SDK if it finds no credentials. It then asks AWS nothing. */
const NO_CREDENTIALS = ['CredentialsProviderError', 'TokenProviderError'];
/** The message of the SDK's error if nothing names credentials. Other messages say why named ones were not found. */
const NONE_NAMED = 'Could not load credentials from any providers';
/** The names of the errors with which AWS services say that the credentials are wrong or expired. */
const BAD_CREDENTIALS = [
  ...['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidSignatureException', 'SignatureDoesNotMatch'],
  ...['IncompleteSignature', 'MissingAuthenticationToken', 'MissingAuthenticationTokenException', 'ExpiredToken'],
  ...['ExpiredTokenException', 'InvalidAccessKeyId'],
];

/** Returns whether the AWS SDK threw an error because AWS did not answer a call, or answered it with an error. */
export const isAboutAws = (error: unknown): boolean =>
  error instanceof Error &&
  ('$metadata' in error || [...NO_CREDENTIALS, ...BAD_CREDENTIALS].includes(error.name) || error.message === NO_REGION);

/** Returns why a call has no answer, for messages: the code of the network's error, or the error's name and message. */
export function reasonOf(error: Error & { readonly code?: unknown }): string {
  return typeof error.code === 'string' ? error.code : `${error.name}: ${error.message}`;
}

/**
 * Returns the error for a question to AWS that failed.
 *
 * @param asked the IAM action that the question needs; by default, the action that AWS names in the error
 * @param subject the subject of the question, in the words of the operator, for the error's message
 */
export function unanswered(error: unknown, asked: string | undefined, subject: string): UnansweredError {
  const cause = error as Error & { readonly code?: unknown };
  const right = asked ?? /not authorized to perform: ([\w-]+:\w+)/.exec(cause.message)?.[1];
  if (cause.message === NO_REGION)
    return new UnansweredError('credentials', 'no region is set', 'Set the region, such as AWS_REGION=us-east-1.');
  if (NO_CREDENTIALS.includes(cause.name))
    return new UnansweredError(
      'credentials',
      `no AWS credentials were found${cause.message === NONE_NAMED ? '' : ` (${cause.message})`}`,
      'Set AWS_PROFILE, such as AWS_PROFILE=operator, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    );
  if (BAD_CREDENTIALS.includes(cause.name))
    return new UnansweredError(
      'credentials',
      `AWS accepts none of your credentials (${cause.name})`,
      'Set or renew the AWS credentials, such as AWS_PROFILE=operator.',
    );
  if (right !== undefined && DENIALS.includes(cause.name))
    return new UnansweredError('denied', `the right ${right} is missing`, `Allow ${right} to these credentials.`);
  return new UnansweredError(
    'unreachable',
    `no answer about ${subject} (${reasonOf(cause)})`,
    'Check the network and the region, and run the command again.',
    { cause },
  );
}
