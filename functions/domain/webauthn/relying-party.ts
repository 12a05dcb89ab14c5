/** The relying party of a ceremony (WebAuthn). */
export interface RelyingParty {
  /** The RP ID, which is the domain name to which credentials are bound. */
  readonly rpId: string;
  /** The name that a browser may show. */
  readonly name: string;
  /** The origins whose pages may run a ceremony. */
  readonly origins: readonly string[];
  /**
   * The origins whose pages may embed a page that runs a ceremony.
   * @default - no page may embed a ceremony
   */
  readonly topOrigins?: readonly string[];
}
