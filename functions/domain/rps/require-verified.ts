import type { RpServer } from '../callers.ts';
import { CeremonyRefusedError } from '../errors.ts';

export function requireVerified({ verifyDomains }: { readonly verifyDomains: boolean }, rp: RpServer['rp']): void {
  if (!verifyDomains || rp.verifiedAt !== null || rp.rpId === 'localhost') return;
  throw new CeremonyRefusedError('rp-not-verified', 'The domain of the RP is not verified.');
}
