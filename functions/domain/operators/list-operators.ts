import { readOperatorPasskeys } from '../../table/operators/operator-passkeys.ts';
import { readOperators } from '../../table/operators/operators.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';
import { operatorView } from './operator-view.ts';

/**
 * Returns all operators, sorted by e-mail address, each with the person who added the operator and the times of the
 * passkey. `passkey` is null until the operator has used the link.
 */
export async function listOperators({ table }: Pick<Services, 'table'>) {
  const operators = await readOperators(table, 'strong');
  const passkeys = await readOperatorPasskeys(
    table,
    operators.map(({ operatorId }) => operatorId),
  );
  const items = operators.map((operator, index) => {
    const passkey = passkeys[index];
    return {
      ...operatorView(operator),
      addedAt: toIso(operator.addedAt),
      addedBy: operator.addedBy,
      passkey: passkey
        ? {
            createdAt: toIso(passkey.createdAt),
            lastUsedAt: passkey.lastUsedAt === null ? null : toIso(passkey.lastUsedAt),
          }
        : null,
    };
  });
  return { items };
}
