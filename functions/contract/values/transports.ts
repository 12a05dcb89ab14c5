/** The transports that WebAuthn (5.8.4) names. */
export const TRANSPORTS: readonly unknown[] = ['ble', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];
/**
 * Returns the known transports in a value, each once. Browsers use transports only as hints. So a value that some
 * browser or password manager made up is no reason to refuse a passkey, and the service ignores the value.
 */
export const knownTransports = (value: unknown): string[] =>
  Array.isArray(value) ? [...new Set(value)].filter((one): one is string => TRANSPORTS.includes(one)) : [];
