/**
 * Returns the challenge that a response claims to answer; undefined when its client data cannot be read. Only the
 * verification proves that the response answers this challenge.
 */
export function challengeIn({ clientDataJSON }: { readonly clientDataJSON: string }): string | undefined {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    const { challenge } = clientData as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}
