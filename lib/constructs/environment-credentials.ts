/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles. Lambda always puts a function's credentials into its
 * environment, so the function need not search for them.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
