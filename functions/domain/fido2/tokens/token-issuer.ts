/**
 * Returns the issuer of an RP's tokens: a URL under which the RP's public keys are, the same whether the RP calls the
 * API by its own URL or through CloudFront.
 */
export const tokenIssuerOf = (consoleUrl: string, rpRef: string): string => `${consoleUrl}/v1/rps/${rpRef}`;
