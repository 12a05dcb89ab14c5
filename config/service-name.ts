/**
 * Returns the name of the service in a stage, with which the names of its stacks, alarms and logs begin. For the stage
 * `*`, returns the pattern that the names of all stages match.
 */
export const serviceNameOf = (stage: string): string => `fido2-server-service-${stage}`;
