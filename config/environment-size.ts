import type { Stage } from './stage.ts';

/**
 * The maximum size in bytes of all environment variables of a Lambda function together ("4 KB, for all environment
 * variables associated with the function, in aggregate": Lambda quotas, in the AWS Lambda Developer Guide). Lambda
 * measures the JSON of the variables, as its error message shows ("String measured: {…}"), so a quote within a value
 * counts two bytes.
 */
export const MAX_ENVIRONMENT = 4_096;

/**
 * The bytes that the largest function has for all variables that do not depend on the stage's settings, such as the
 * names of tables and queues. CloudFormation creates these names, so their exact lengths are unknown before the
 * deployment. A test computes the environment of every function from the templates, with the longest names, and fails
 * if this number is too small.
 */
const OTHER_VARIABLES = 605;

/** Returns the size in bytes of environment variables, as Lambda measures it. */
export const bytesOfEnvironment = (variables: Readonly<Record<string, string>>): number =>
  Buffer.byteLength(JSON.stringify(variables));

/** Returns a size in bytes that the environment variables of none of the stage's functions exceed. */
export function boundOfEnvironment(
  stage: Pick<Stage, 'plans' | 'serviceName' | 'timeZone' | 'origin' | 'contact' | 'sender' | 'metadataUrl'>,
): number {
  const ofAll = {
    PLANS: JSON.stringify(stage.plans),
    POWERTOOLS_SERVICE_NAME: stage.serviceName,
    TIME_ZONE: stage.timeZone,
    CONSOLE_URL: stage.origin,
  };
  const ofSendMail = bytesOfEnvironment({ CONTACT: stage.contact, SENDER: stage.sender });
  const ofUpdateMetadata = bytesOfEnvironment({ METADATA_URL: stage.metadataUrl });
  return bytesOfEnvironment(ofAll) + Math.max(ofSendMail, ofUpdateMetadata) + OTHER_VARIABLES;
}
