/**
 * Returns the challenge that a passkey's response names, or undefined when the response's client data cannot be read.
 * The caller must verify the response: only the signature proves that the response belongs to this challenge.
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
