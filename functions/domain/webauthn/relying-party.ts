/** The relying party of a ceremony, as WebAuthn describes it. */
export interface RelyingParty {
  /** The RP ID: the domain name to which credentials are bound. */
  readonly rpId: string;
  /** The name that a browser may show. */
  readonly name: string;
  /** The origins whose pages may run a ceremony. */
  readonly origins: readonly string[];
}
