/**
 * Replaces the cache in which the client of DynamoDB would keep endpoints that it has discovered. DynamoDB has one
 * endpoint for each region, so the client discovers none unless somebody switches endpoint discovery on.
 */
export default class NoEndpointCache extends Map<string, unknown> {
  /** Ignores the capacity that the client passes. */
  constructor() {
    super();
  }
}
