import { readOperatorLink } from '../../table/operators/operator-links.ts';
import { readOperatorOf, type Operator } from '../../table/operators/operators.ts';
import type { Services } from '../services.ts';
import { operatorLinkNotValid } from './operator-refusals.ts';

/**
 * Returns the operator of a link, with two strongly consistent reads. Throws `UnauthenticatedError` when the link is
 * unknown, was used, has expired or was replaced, and when the operator was removed.
 */
export async function findOperatorLink(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  token: string,
): Promise<Operator> {
  const link = await readOperatorLink(table, token);
  const operator = link && clock.now() < link.expiresAt ? await readOperatorOf(table, link) : undefined;
  if (!operator) throw operatorLinkNotValid();
  return operator;
}
