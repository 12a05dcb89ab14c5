import type { CalendarServices } from '../services.ts';
import type { SecretServices } from './ceremony-secrets.ts';

/** The services that ceremonies need. */
export interface CeremonyServices extends CalendarServices, SecretServices {
  /** Whether an RP must show a DNS record before its users can perform ceremonies. */
  readonly verifyDomains: boolean;
}
