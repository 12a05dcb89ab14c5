import { deepEqual, fullDiff, ResourceImpact, type ResourceDifference } from '@aws-cdk/cloudformation-diff';
import type { StackTemplate, TemplateResource } from '../../support/stack-template.ts';
import { holdOf, isRetained, type Hold } from './held-resources.ts';
import { comparable, type ReleasedResource, type ReleasedStack } from './released-stack.ts';

/** The stacks of a stage, by the last part of their names, such as `data`. */
export type Stacks<T> = Readonly<Record<string, T>>;

/**
 * Returns all changes between the released stacks of a stage and their templates that lose data, change an address that
 * people or other stacks know, or are refused by CloudFormation. Each change is a text that names the stack, the
 * resource and the property, and says what is lost and what to do instead. Returns an empty list if the stage can be
 * updated.
 */
export function harmfulChanges(released: Stacks<ReleasedStack>, templates: Stacks<StackTemplate>): string[] {
  return Object.entries(released).flatMap(([stack, release]) => {
    const template = templates[stack] ?? { Resources: {} };
    return [
      ...changedResources(release, template).map((change) => `${stack}: ${change}`),
      ...changedExports(release, template, importersIn(released)).map((change) => `${stack}: ${change}`),
    ];
  });
}

function changedResources({ resources }: ReleasedStack, template: StackTemplate): string[] {
  const present = Object.keys(resources).flatMap((logicalId) => {
    const resource = template.Resources[logicalId];
    return resource ? [[logicalId, comparable(resource)] as const] : [];
  });
  const before = Object.entries(resources).map(([id, resource]) => [id, comparable(resource)] as const);
  const differences = fullDiff(
    { Resources: Object.fromEntries(before) },
    { Resources: Object.fromEntries(present) },
  ).resources;
  /** Returns the new resources of a type, one of which may be a released resource under another logical ID. */
  const candidates = (type: string) =>
    Object.entries(template.Resources)
      .filter(([logicalId, { Type }]) => Type === type && !Object.hasOwn(resources, logicalId))
      .map(([logicalId]) => logicalId);
  return Object.entries(resources).flatMap(([logicalId, resource]) => {
    const hold = holdOf(resource, resource.isInOutputs);
    if (!hold || !differences.has(logicalId)) return [];
    const changes = changesOf(logicalId, resource, differences.get(logicalId), hold, candidates(resource.Type));
    return changes.map((change) => `${logicalId} (${resource.Type}) ${change}`);
  });
}

/**
 * Returns the harmful changes of one resource, each as the rest of a sentence with its consequences. `candidates` are
 * new resources of the same type.
 */
function changesOf(
  logicalId: string,
  before: ReleasedResource,
  difference: ResourceDifference,
  { loss, instead, partsOf, lossOfParts = loss }: Hold,
  candidates: readonly string[],
): string[] {
  const { newValue: after } = difference;
  if (!after) {
    const hint = candidates.length === 0 ? '' : `If it is ${candidates.join(' or ')} now, give that its ID back. `;
    return [
      `is removed. ${loss} ${instead} ${hint}overrideLogicalId('${logicalId}') keeps the ID of a moved construct.`,
    ];
  }
  if (after.Type !== before.Type) return [`becomes an ${after.Type}. ${loss} ${instead}`];

  const replacing = Object.entries(difference.propertyUpdates)
    .filter(([, { changeImpact }]) => changeImpact && replacements.includes(changeImpact))
    .map(([property, { oldValue, newValue }]) => `${property} changes from ${show(oldValue)} to ${show(newValue)}`);
  const parts = partsOf?.(before.Properties ?? {}) ?? {};
  const partsAfter = partsOf?.(after.Properties ?? {}) ?? {};
  const changedParts = Object.entries(parts)
    .filter(([part, value]) => !deepEqual(value, partsAfter[part]))
    .map(([part, value]) => `${part} changes from ${show(value)} to ${show(partsAfter[part])}`);
  return [
    ...(replacing.length > 0 ? [`is replaced, because ${replacing.join(', and ')}. ${loss} ${instead}`] : []),
    ...changedParts.map((part) => `is updated, but ${part}. ${lossOfParts} ${instead}`),
    ...(isRetained(before) && !isFullyRetained(after)
      ? ['is not retained any more. Keep both of its policies at Retain while the stage has customers.']
      : []),
  ];
}

const replacements: readonly ResourceImpact[] = [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE];

const isFullyRetained = (resource: Partial<TemplateResource>) =>
  [resource.DeletionPolicy, resource.UpdateReplacePolicy].every((policy) => policy?.startsWith('Retain'));

/** Returns the released stacks that import each export. */
function importersIn(released: Stacks<ReleasedStack>): ReadonlyMap<string, readonly string[]> {
  const importers = Object.entries(released).flatMap(([stack, { imports }]) =>
    imports.map((name) => [name, stack] as const),
  );
  const grouped = Map.groupBy(importers, ([name]) => name);
  return new Map([...grouped].map(([name, entries]) => [name, entries.map(([, stack]) => stack)]));
}

/**
 * Returns the exports that a stack may not change yet. CloudFormation refuses to remove or change an export that a
 * deployed stack imports, and it updates the exporting stack first (AWS, "Get exported outputs from a deployed
 * CloudFormation stack").
 */
function changedExports(
  { exports }: ReleasedStack,
  { Outputs = {} }: StackTemplate,
  importers: ReadonlyMap<string, readonly string[]>,
): string[] {
  const now = new Map(Object.values(Outputs).map(({ Value, Export }) => [Export?.Name, Value]));
  return Object.entries(exports).flatMap(([name, value]) => {
    const stacks = importers.get(name);
    if (!stacks || (now.has(name) && deepEqual(value, now.get(name)))) return [];
    const change = now.has(name)
      ? `changes its value from ${show(value)} to ${show(now.get(name))}`
      : `is removed: ${show(value)}`;
    return [
      `The export ${name} ${change}. CloudFormation refuses this while the released stack ${stacks.join(', ')} imports it. ` +
        'Keep it in this release with exportValue(), and remove it in the release after the one that stops importing it.',
    ];
  });
}

/** Returns a value as JSON, cut to 200 characters, or "nothing" for undefined. */
const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 200));
