/**
 * Replaces the SDK's code for operations that stream events. The service uses no such operation, but the client of
 * Lambda imports the code for its configuration.
 */
export const eventStreamSerdeProvider = (): undefined => undefined;

/** Returns the configuration of a client as it is. */
export const resolveEventStreamSerdeConfig = <T>(config: T): T => config;
