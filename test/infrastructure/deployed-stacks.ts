import type { StackTemplate } from '../support/stack-template.ts';

/**
 * The stacks that CloudFormation has deployed. An update obeys CloudFormation's rules for exports: "You can't modify or
 * remove an output value that is referenced by another stack" (AWS CloudFormation User Guide, "Get exported outputs
 * from a deployed CloudFormation stack"), and a stack can import only a value that a deployed stack exports.
 */
export class DeployedStacks {
  readonly templates = new Map<string, StackTemplate>();

  /** Deploys stacks one after the other. Throws, and stops, at the first stack that CloudFormation refuses. */
  deploy(stacks: readonly { readonly stackName: string; readonly template: StackTemplate }[]): void {
    for (const { stackName, template } of stacks) this.update(stackName, template);
  }

  /** Deploys one stack. Throws if CloudFormation refuses the template. The deployed stacks then stay as they are. */
  update(stackName: string, template: StackTemplate): void {
    const others = [...this.templates].filter(([name]) => name !== stackName);
    const exported = new Map(others.flatMap(([, other]) => [...exportsOf(other)]));
    for (const name of importsOf(template)) {
      if (!exported.has(name)) throw new Error(`${stackName}: no export is named ${name}`);
    }
    const after = exportsOf(template);
    for (const [name, value] of exportsOf(this.templates.get(stackName) ?? { Resources: {} })) {
      const importing = others.filter(([, other]) => importsOf(other).has(name)).map(([other]) => other);
      if (importing.length > 0 && after.get(name) !== value) {
        throw new Error(`${stackName}: cannot change or remove the export ${name}, which ${importing.join()} imports`);
      }
    }
    this.templates.set(stackName, template);
  }
}

/** Returns the exports of a template, each with its value as JSON. */
export const exportsOf = ({ Outputs = {} }: StackTemplate): Map<string, string> =>
  new Map(
    Object.values(Outputs).flatMap(({ Value, Export }) => (Export ? [[Export.Name, JSON.stringify(Value)]] : [])),
  );

/** Returns the names of the exports that a template imports. */
export function importsOf(template: StackTemplate): Set<string> {
  return new Set([...JSON.stringify(template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name = '']) => name));
}
