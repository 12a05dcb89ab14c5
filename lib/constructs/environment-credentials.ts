/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles: Lambda puts a function's credentials in its
 * environment, always, so that there is nothing to search for.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
