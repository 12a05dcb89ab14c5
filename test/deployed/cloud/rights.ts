import { decide, type Decision, type Request } from '../iam/decide.ts';
import { resourcePoliciesIn } from '../iam/resource-policies.ts';
import { rolesIn } from '../iam/roles.ts';
import type { Statement } from '../iam/statements.ts';
import type { Assembly } from './assembly.ts';

/** Decides calls by the policies of the templates. */
export interface Rights {
  /** Decides a call of a function by the policies of its role, and by that of the resource if it has one. */
  readonly ofRole: (role: string, request: Omit<Request, 'principal'>) => Decision;
  /**
   * Decides a call of a service of AWS, such as `events.amazonaws.com`, by the policy of the resource. `policy` is the
   * name under which the policy stands: the URL of a queue, or the ARN of another resource.
   */
  readonly ofService: (service: string, policy: string, request: Omit<Request, 'principal'>) => Decision;
}

/** Reads the policies of all roles and resources of an assembly. */
export function readRights(assembly: Assembly, types: readonly string[]): Rights {
  const roles = new Map<string, readonly Statement[]>();
  const policies = new Map<string, readonly Statement[]>();
  const all = types.flatMap((type) => assembly.ofType(type));
  for (const [, resources] of Map.groupBy(all, ({ stack }) => stack)) {
    const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
    const Resources = Object.fromEntries(
      resources.map(({ logicalId, type: Type, properties: Properties }) => [logicalId, { Type, Properties }]),
    );
    const nameOf = (logicalId: string) => byId.get(logicalId)?.ref ?? logicalId;
    for (const [logicalId, { statements }] of rolesIn({ Resources }, { nameOf })) {
      roles.set(String(byId.get(logicalId)?.attributes['Arn']), statements);
    }
    for (const [resource, statements] of resourcePoliciesIn({ Resources })) policies.set(resource, statements);
  }
  const queueUrls = new Map(assembly.ofType('AWS::SQS::Queue').map(({ ref, attributes }) => [attributes['Arn'], ref]));

  return {
    ofRole: (role, request) => {
      const own = roles.get(role);
      if (!own) throw new Error(`There is no role ${role} in the templates.`);
      const policy = policies.get(queueUrls.get(request.resource) ?? request.resource) ?? [];
      return decide([...own, ...policy], { ...request, context: withGlobals(request), principal: { role } });
    },
    ofService: (service, policy, request) =>
      decide(policies.get(policy) ?? [], { ...request, context: withGlobals(request), principal: { service } }),
  };
}

/** Adds the condition keys that every call has. The harness's HTTP stands for AWS's HTTPS. */
const withGlobals = ({ context }: Pick<Request, 'context'>) => ({ 'aws:SecureTransport': 'true', ...context });
