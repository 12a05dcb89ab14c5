import type { StackTemplate, TemplateResource } from '../../support/stack-template.ts';
import { holdOf } from './held-resources.ts';

type Properties = NonNullable<TemplateResource['Properties']>;

/** The parts of a stack that a release fixes. Later releases must update the stack without losing any of them. */
export interface ReleasedStack {
  /** The resources that every update must keep, by logical ID. */
  readonly resources: Readonly<Record<string, ReleasedResource>>;
  /** The value of each export, by the export's name. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The names of the exports of other stacks that this stack imports. */
  readonly imports: readonly string[];
}

/** A resource of a released stack. */
export interface ReleasedResource extends Pick<
  TemplateResource,
  'Type' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'Properties'
> {
  /** Whether an output of the stack names the resource. */
  readonly isInOutputs: boolean;
}

/**
 * The properties that are compared of types whose other properties change often and never make CloudFormation replace
 * a resource. All properties of other types are compared.
 */
const compared: Readonly<Record<string, (properties: Properties) => Properties>> = {
  'AWS::Lambda::Function': ({ FunctionName, PackageType }) => ({ FunctionName, PackageType }),
  'AWS::ApiGatewayV2::Stage': ({ ApiId, StageName }) => ({ ApiId, StageName }),
  'AWS::CloudFront::Distribution': ({ DistributionConfig }) => ({
    DistributionConfig: { Aliases: (DistributionConfig as { Aliases?: string[] }).Aliases },
  }),
};

/** Returns the parts that a release fixes of the stack with the given template. */
export function releasedStackOf({ Resources, Outputs = {} }: StackTemplate): ReleasedStack {
  const inOutputs = new Set(Object.values(Outputs).flatMap(({ Value }) => referencesIn(Value)));
  const held = Object.entries(Resources)
    .filter(([logicalId, resource]) => holdOf(resource, inOutputs.has(logicalId)) !== undefined)
    .map(([logicalId, resource]): [string, ReleasedResource] => [
      logicalId,
      { ...comparable(resource), isInOutputs: inOutputs.has(logicalId) },
    ]);
  const exported = Object.values(Outputs).flatMap(({ Value, Export }): [string, unknown][] =>
    Export ? [[Export.Name, Value]] : [],
  );
  return {
    resources: sorted(held),
    exports: sorted(exported),
    imports: [...new Set(valuesOf(Resources, 'Fn::ImportValue').map(String))].sort(),
  };
}

/** Returns the parts that a release fixes of the stacks of each stage. */
export const releasesOf = (
  stages: Readonly<Record<string, Readonly<Record<string, StackTemplate>>>>,
): Record<string, Record<string, ReleasedStack>> => mapValues(stages, (stacks) => mapValues(stacks, releasedStackOf));

const mapValues = <T, R>(record: Readonly<Record<string, T>>, map: (value: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));

/** Returns the parts of a resource that a comparison of two releases reads. */
export function comparable({ Type, DeletionPolicy, UpdateReplacePolicy, Properties = {} }: TemplateResource) {
  const parts = { Type, DeletionPolicy, UpdateReplacePolicy, Properties: compared[Type]?.(Properties) ?? Properties };
  // Absent parts are left out, as in the stored files.
  return JSON.parse(JSON.stringify(parts)) as TemplateResource;
}

/** Returns the logical IDs that a value refers to. */
function referencesIn(value: unknown): string[] {
  return [
    ...valuesOf(value, 'Ref').map(String),
    ...valuesOf(value, 'Fn::GetAtt').map((attribute) => String([attribute].flat()[0])),
  ];
}

/** Returns the values of all properties with a name, at any depth. */
function valuesOf(value: unknown, name: string): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (key === name ? [inner as unknown] : valuesOf(inner, name)));
}

/** Returns an object whose properties are in the order of their names, so that stored files change little. */
const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
