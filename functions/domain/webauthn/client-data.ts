/**
 * Returns the challenge in a WebAuthn response, or undefined when the response's client data cannot be parsed. The
 * calling function must verify the response, because only the signature proves that the response belongs to this
 * challenge.
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
