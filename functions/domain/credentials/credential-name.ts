export const credentialNameOf = (template = '$authenticator', authenticator: string | null): string =>
  template.replaceAll('$authenticator', authenticator ?? 'Passkey').slice(0, 200);
