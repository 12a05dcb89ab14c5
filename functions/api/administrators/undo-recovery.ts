import { undoRecoveryContract as contract } from '../../contract/administrators.ts';
import { undoRecovery } from '../../domain/administrators/undo-recovery.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('undo-recovery', contract, async ({ caller, params }, services) => {
  await undoRecovery(services, caller, params.id);
  return {};
});
