import type { AwsCall, AwsReply } from './aws/front.ts';
import { AwsError, failure, type AwsService, type Need } from './aws/service.ts';
import type { FunctionDefinition } from './functions/definition.ts';
import type { Rights } from './rights.ts';

export interface CallWatcher {
  /** Receives each need of a call that the role allows, with the logical ID of the function. */
  readonly onAllowed?: ((logicalId: string, need: Need) => void) | undefined;
  /** Receives the reason why a call is denied. */
  readonly onDenied: (reason: string) => void;
  /** Receives a call that the harness cannot play. */
  readonly onUnknown: (reason: string) => void;
}

/**
 * Creates the function that answers the calls of AWS that the functions make. It refuses a call that the role of the
 * function does not allow, as AWS does.
 */
export function createCalls(
  services: Readonly<Record<string, AwsService>>,
  rights: Pick<Rights, 'ofRole'>,
  { onAllowed, onDenied, onUnknown }: CallWatcher,
) {
  return async (
    { role, logicalId }: Pick<FunctionDefinition, 'role' | 'logicalId'>,
    call: AwsCall,
  ): Promise<AwsReply> => {
    try {
      const service = Object.hasOwn(services, call.service) ? services[call.service] : undefined;
      if (!service)
        throw new AwsError('UnknownOperationException', `The tests do not know the service ${call.service}.`);
      const { needs, run } = service(call);
      for (const { action, resource, context = {} } of needs) {
        const { allowed, reason } = rights.ofRole(role, { action, resource, context });
        if (allowed) {
          onAllowed?.(logicalId, { action, resource, context });
          continue;
        }
        onDenied(`${logicalId} calls ${action} on ${resource}: ${reason}${inWords(context)}`);
        const code = call.service === 'ses' ? 'AccessDenied' : 'AccessDeniedException';
        throw new AwsError(code, `User: ${role} is not authorized to perform: ${action} on resource: ${resource}`, 400);
      }
      return await run();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === 'UnknownOperationException') onUnknown(`${logicalId}: ${error.message}`);
      return failure(call, error);
    }
  };
}

/** Describes the values of condition keys, without what follows a `#`, which may be personal. */
function inWords(context: Readonly<Record<string, string | readonly string[]>>): string {
  const keys = Object.entries(context).map(([name, values]) => {
    const parts = new Set([values].flat().map((value) => value.replace(/#.*$/, '#…')));
    return `${name} ${[...parts].join(', ')}`;
  });
  return keys.length === 0 ? '' : ` (${keys.join('; ')})`;
}
