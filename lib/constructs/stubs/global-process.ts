/** Replaces `node:process` in the bundles with a module that has only the parts that the AWS SDK uses. */
export const { env, versions } = process;
