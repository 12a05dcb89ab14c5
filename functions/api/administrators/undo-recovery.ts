import { undoRecoveryContract as contract } from '../../contract/administrators.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('undo-recovery', contract, async ({ caller, params }, services) => {
  // Most processes never need this code, so a cold start does not load it.
  const { undoRecovery } = await import('../../domain/administrators/undo-recovery.ts');
  await undoRecovery(services, caller, params.id);
  return {};
});
