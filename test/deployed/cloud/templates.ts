import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackTemplate } from '../../support/stack-template.ts';

/** The templates of an app, by the names of their stacks. A stack never comes before a stack on which it depends. */
export type Templates = ReadonlyMap<string, StackTemplate>;

/** An artifact in the manifest that the CDK writes. */
interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string };
}

/** Reads the templates of all stacks that the CDK wrote into `folder`, such as `cdk.out`. */
export function readTemplates(folder: string): Templates {
  const manifest = readJson(join(folder, 'manifest.json')) as { artifacts: Readonly<Record<string, Artifact>> };
  const stacks = new Map<string, StackTemplate>();
  const add = (id: string): void => {
    const { type, dependencies = [], properties } = manifest.artifacts[id] ?? { type: 'none' };
    if (type !== 'aws:cloudformation:stack' || stacks.has(id)) return;
    dependencies.forEach(add);
    if (properties?.templateFile === undefined) throw new Error(`The stack ${id} has no template.`);
    stacks.set(properties.stackName ?? id, readJson(join(folder, properties.templateFile)) as StackTemplate);
  };
  Object.keys(manifest.artifacts).forEach(add);
  return stacks;
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** A change of a copy of the templates. The copy can be changed freely. */
export type Edit = (resources: readonly EditableResource[]) => void;
export interface EditableResource {
  readonly logicalId: string;
  readonly Type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the properties of a template have no types
  readonly Properties: Record<string, any>;
  /** Removes the resource from its template. */
  readonly remove: () => void;
}

/** Returns a copy of the templates after some edits. Throws if an edit changes nothing, because it has lost its aim. */
export function edited(templates: Templates, edits: readonly Edit[]): Templates {
  type Editable = Map<string, { readonly Resources: Record<string, EditableResource> }>;
  const copy = structuredClone(templates as unknown as Editable);
  for (const edit of edits) {
    const before = JSON.stringify([...copy]);
    const resources = [...copy.values()].flatMap(({ Resources }) =>
      Object.entries(Resources).map(([logicalId, resource]) => ({
        logicalId,
        Type: resource.Type,
        Properties: resource.Properties,
        remove: () => void Reflect.deleteProperty(Resources, logicalId),
      })),
    );
    edit(resources);
    if (JSON.stringify([...copy]) === before)
      throw new Error(`An edit changes nothing in the templates: ${String(edit)}`);
  }
  return copy;
}
