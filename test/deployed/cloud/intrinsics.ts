/** The values that an intrinsic function may refer to, as they are in the stack of the function. */
export interface Scope {
  /** Returns the value of `Ref`: of a resource, or of a pseudo parameter such as `AWS::Region`. */
  readonly ref: (name: string) => unknown;
  readonly attribute: (logicalId: string, name: string) => unknown;
  /** Returns the value that another stack exports under a name. */
  readonly imported: (name: string) => unknown;
  /** Returns the value of a dynamic reference to Secrets Manager, such as `arn:…:SecretString:key`. */
  readonly secret: (reference: string) => string;
}

type Arguments = readonly unknown[];

/**
 * Replaces all intrinsic functions and dynamic references in a value of a template. Throws if the value contains an
 * intrinsic function that is not implemented here, so that nothing of a template is left out unnoticed.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') return withSecrets(value, scope);
  if (Array.isArray(value)) return value.map((element) => resolve(element, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
    const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
    // `Condition` is also the name of a part of a policy's statement, whose value is an object.
    if (intrinsic) return resolve(intrinsic(argument, scope), scope);
    if (name !== 'Condition' || typeof argument === 'string') {
      throw new Error(`The intrinsic function ${name} is not implemented: ${JSON.stringify(value)}`);
    }
  }
  return Object.fromEntries(entries.map(([key, element]) => [key, resolve(element, scope)]));
}

/** Each function takes its argument as the template has it, and returns a value that may contain more functions. */
const intrinsics: Readonly<Record<string, (argument: unknown, scope: Scope) => unknown>> = {
  Ref: (name, { ref }) => ref(text(name)),
  'Fn::GetAtt': (argument, { attribute }) => {
    const [logicalId, ...names] = typeof argument === 'string' ? argument.split('.') : (argument as string[]);
    return attribute(text(logicalId), names.join('.'));
  },
  'Fn::ImportValue': (name, scope) => scope.imported(text(resolve(name, scope))),
  'Fn::Join': (argument, scope) => {
    const [delimiter, parts] = argument as Arguments;
    return (resolve(parts, scope) as unknown[]).map(text).join(text(delimiter));
  },
  'Fn::Split': (argument, scope) => {
    const [delimiter, source] = argument as Arguments;
    return text(resolve(source, scope)).split(text(delimiter));
  },
  'Fn::Select': (argument, scope) => {
    const [index, list] = argument as Arguments;
    const selected = (resolve(list, scope) as unknown[])[Number(resolve(index, scope))];
    if (selected === undefined) throw new Error(`Fn::Select finds nothing: ${JSON.stringify(argument)}`);
    return selected;
  },
  'Fn::Sub': (argument, scope) => {
    const [template, variables] = Array.isArray(argument) ? (argument as Arguments) : [argument, {}];
    return text(template).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const given = variables as Readonly<Record<string, unknown>>;
      if (Object.hasOwn(given, name)) return text(resolve(given[name], scope));
      const [logicalId = '', ...names] = name.split('.');
      return text(names.length > 0 ? scope.attribute(logicalId, names.join('.')) : scope.ref(logicalId));
    });
  },
};

/** Returns a value that must be a text. CloudFormation writes numbers as texts. */
function text(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new Error(`CloudFormation would need a text here: ${JSON.stringify(value)}`);
}

/** Replaces the dynamic references in a text. */
function withSecrets(value: string, { secret }: Scope): string {
  return value.replaceAll(/\{\{resolve:([\w-]+):([^{}]+)\}\}/g, (whole, service: string, reference: string) => {
    if (service !== 'secretsmanager') throw new Error(`The dynamic reference ${whole} is not implemented.`);
    return secret(reference);
  });
}
