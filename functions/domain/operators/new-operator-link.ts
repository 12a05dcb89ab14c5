import type { OperatorView } from '../../contract/operators.ts';
import { atGeneration, type OperatorAtGeneration } from '../../table/operators/operators.ts';
import { putOperatorLink } from '../../table/operators/operator-links.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newSecret } from '../ids.ts';
import type { Services } from '../services.ts';
import { HOUR, toIso, toTtl } from '../time.ts';

/** An operator with a new link. The command line shows the link once. */
export interface LinkedOperator extends OperatorView {
  readonly link: string;
  readonly linkExpiresAt: string;
}

/** How long a link works, in milliseconds. */
const LINK_LASTS = HOUR;

/**
 * Creates the link with which an operator registers a passkey. Returns the link and its end, and `put`, the write that
 * stores the link. The token is behind the `#`, so that no server logs it.
 */
export function newOperatorLink(
  { clock, consoleUrl }: Pick<Services, 'clock' | 'consoleUrl'>,
  operator: OperatorAtGeneration,
): { put: Write; link: string; expiresAt: string } {
  const token = newSecret('opl');
  const expiresAt = clock.now() + LINK_LASTS;
  return {
    put: putOperatorLink(token, { ...atGeneration(operator), expiresAt }, toTtl(expiresAt)),
    link: `${consoleUrl}/operator/register#token=${token}`,
    expiresAt: toIso(expiresAt),
  };
}
