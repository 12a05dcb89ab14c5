import type { TemplateResource } from '../../support/stack-template.ts';
import { identityOf, type Identity, type Place } from './names.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { isBuilt } from './inventory.ts';
import { generateSecret } from './secrets.ts';
import type { Templates } from './templates.ts';

/** A resource as CloudFormation deploys it: its names, and its properties without intrinsic functions. */
export interface Deployed extends Identity {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** The resources of all templates, as CloudFormation deploys them. */
export interface Assembly {
  readonly place: Place;
  /** Returns the resources of a type that the harness builds. */
  readonly ofType: (type: string) => readonly Deployed[];
  /**
   * Returns the resource with an ARN, which is the value of `Ref` or of the attribute `Arn`. Throws if there is none.
   */
  readonly withArn: (arn: string) => Deployed;
  /** The first value of each secret, by its ARN. */
  readonly secrets: ReadonlyMap<string, string>;
  /** The values of the stacks' outputs that are not exports, by their names. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/**
 * Resolves all resources that the harness builds. Generates the values of secrets, as Secrets Manager does. Throws if a
 * template contains a type or an intrinsic function that the harness does not know, or refers to something that does
 * not exist.
 */
export function assemble(templates: Templates, place: Place): Assembly {
  const identities = new Map<string, Identity>();
  const exported = new Map<string, { readonly stack: string; readonly value: unknown }>();
  const secrets = new Map<string, string>();
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::Partition': 'aws',
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::URLSuffix': 'amazonaws.com',
  };

  const resourceIn = (stack: string, logicalId: string): TemplateResource => {
    const found = templates.get(stack)?.Resources[logicalId];
    if (!found) throw new Error(`The stack ${stack} has no resource ${logicalId}.`);
    return found;
  };
  /** Returns the names of a resource. A property that is a name may itself contain an intrinsic function. */
  function identity(stack: string, logicalId: string): Identity {
    const key = `${stack}/${logicalId}`;
    const known = identities.get(key);
    if (known) return known;
    const { Type, Properties = {} } = resourceIn(stack, logicalId);
    const names = Object.fromEntries(Object.entries(Properties).filter(([name]) => /Name$|^EmailIdentity$/.test(name)));
    const found =
      Type === 'AWS::Lambda::Version'
        ? {
            ref: `${String(resolve({ 'Fn::GetAtt': [refIn(Properties['FunctionName']), 'Arn'] }, scopeOf(stack)))}:1`,
            attributes: {},
          }
        : identityOf(stack, logicalId, Type, resolve(names, scopeOf(stack)) as typeof names, place);
    identities.set(key, found);
    return found;
  }
  function scopeOf(stack: string): Scope {
    return {
      ref: (name) => (Object.hasOwn(pseudo, name) ? pseudo[name] : identity(stack, name).ref),
      attribute: (logicalId, name) => {
        const { attributes } = identity(stack, logicalId);
        if (!Object.hasOwn(attributes, name))
          throw new Error(`The attribute ${name} of ${stack}/${logicalId} is not known.`);
        return attributes[name];
      },
      imported: (name) => {
        const found = exported.get(name);
        if (!found) throw new Error(`The stack ${stack} imports ${name}, which no earlier stack exports.`);
        return resolve(found.value, scopeOf(found.stack));
      },
      secret: (reference) => {
        const [, arn = '', key = ''] = /^(arn:.*?:secret:[^:]+):SecretString:([^:]*):?:?$/.exec(reference) ?? [];
        const value = secrets.get(arn);
        if (value === undefined || key !== '') throw new Error(`There is no secret for the reference ${reference}.`);
        return value;
      },
    };
  }

  const all: Deployed[] = [];
  const outputs: Record<string, unknown> = {};
  for (const [stack, template] of templates) {
    const scope = scopeOf(stack);
    const built = Object.entries(template.Resources).filter(([id, { Type }]) => isBuilt(stack, id, Type));
    for (const [logicalId, { Type, Properties = {} }] of built) {
      if (Type === 'AWS::SecretsManager::Secret') {
        secrets.set(identity(stack, logicalId).ref, generateSecret(Properties['GenerateSecretString']));
      }
    }
    for (const [logicalId, { Type, Properties = {} }] of built) {
      const hasNames =
        Type !== 'AWS::SNS::TopicPolicy' && Type !== 'AWS::SQS::QueuePolicy' && !Type.startsWith('Custom::');
      const names = hasNames ? identity(stack, logicalId) : { ref: logicalId, attributes: {} };
      all.push({
        ...names,
        stack,
        logicalId,
        type: Type,
        properties: resolve(unlessIgnored(Properties), scope) as Deployed['properties'],
      });
    }
    for (const [name, { Value: value, Export }] of Object.entries(template.Outputs ?? {})) {
      if (Export) exported.set(String(resolve(Export.Name, scope)), { stack, value });
      else outputs[name] = value;
    }
  }
  const byArn = new Map(all.flatMap((one) => [one.ref, one.attributes['Arn']].map((arn) => [arn, one] as const)));
  return {
    place,
    secrets,
    outputs,
    ofType: (type) => all.filter((one) => one.type === type),
    withArn: (arn) => {
      const found = byArn.get(arn);
      if (!found) throw new Error(`There is no resource with the ARN ${arn}.`);
      return found;
    },
  };
}

/** Leaves out the token of a custom resource, which refers to a function of the CDK that the harness does not build. */
function unlessIgnored({ ServiceToken, ...properties }: Readonly<Record<string, unknown>>) {
  return properties;
}

/** Returns the logical ID in a `Ref`. */
function refIn(value: unknown): string {
  const { Ref: name } = (value ?? {}) as { Ref?: unknown };
  if (typeof name !== 'string')
    throw new Error(`The version of a function refers to no function: ${JSON.stringify(value)}`);
  return name;
}
