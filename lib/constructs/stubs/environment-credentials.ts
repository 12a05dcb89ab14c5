/**
 * Replaces `@aws-sdk/credential-provider-node` in the bundles. Lambda always puts a function's credentials into the
 * function's environment variables, so the AWS SDK need not search for credentials.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
