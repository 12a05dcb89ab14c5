/** A CloudFormation template in which values stand in the place of all intrinsic functions. */
export interface ResolvedTemplate {
  readonly Resources: Readonly<Record<string, ResolvedResource>>;
}

/** A resource of a template. */
export interface ResolvedResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** Returns a property's values as a list. A property that is absent has none. */
export const listOf = (property: unknown): unknown[] => (property === undefined ? [] : [property].flat());
