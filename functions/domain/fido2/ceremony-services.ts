import type { CalendarServices } from '../services.ts';
import type { TokenServices } from './tokens/token-key-memory.ts';
import type { SecretServices } from './sealing/ceremony-secrets.ts';

/** The services that ceremonies need. */
export interface CeremonyServices extends CalendarServices, SecretServices, TokenServices {
  /** Whether an RP must show a DNS record before its users can perform ceremonies. */
  readonly verifyDomains: boolean;
  /**
   * Whether a browser may be told to delete a credential that the service does not know. The operator switches this off
   * for a week after a backup was restored: the backup lacks the newest credentials.
   */
  readonly signalsUnknownCredentials: boolean;
}
