/**
 * Replaces the cache in which the client of DynamoDB would keep endpoints that it has discovered. DynamoDB has one
 * endpoint for each region, so the client discovers none unless somebody switches endpoint discovery on. This cache
 * keeps nothing.
 */
export default class NoEndpointCache {
  has = (): boolean => false;
  get = (): undefined => undefined;
  set = (): void => undefined;
  clear = (): void => undefined;
}
