import type { TemplateResource } from '../../support/stack-template.ts';

/** Why a resource must outlive every update of its stack. */
export interface Hold {
  /** The loss if CloudFormation replaces or removes the resource, as a sentence. */
  readonly loss: string;
  /** The way out, as one or more sentences. */
  readonly instead: string;
  /**
   * Returns the parts of a resource that the next release must leave as they are, by a name for messages, although
   * CloudFormation changes them without a replacement. @default - no parts
   */
  readonly partsOf?: (properties: Properties) => Readonly<Record<string, unknown>>;
  /** The loss if a part changes, as a sentence. @default - `loss` */
  readonly lossOfParts?: string;
}

type Properties = NonNullable<TemplateResource['Properties']>;

const named = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

const table: Hold = {
  loss: 'Its items are lost, or stay in a table that no stack uses.',
  instead: 'Keep its ID, name and key. Another key needs a second table, to which a release copies the items.',
  partsOf: ({ GlobalSecondaryIndexes = [], Replicas = [], StreamSpecification }) => ({
    ...Object.fromEntries(
      (GlobalSecondaryIndexes as Properties[]).map(({ IndexName, KeySchema, Projection }) => [
        `the index ${String(IndexName)}`,
        { KeySchema, Projection },
      ]),
    ),
    ...Object.fromEntries(
      (Replicas as Properties[]).map(({ Region }) => [`the replica in ${JSON.stringify(Region)}`, Region]),
    ),
    ...named('the stream', StreamSpecification),
  }),
  lossOfParts:
    'CloudFormation refuses to change an index, deletes a replica that is gone, and replaces a stream with all its unread records.',
};

/** The types of resources that hold data, or whose ID, name or address others know. */
const heldTypes: Readonly<Record<string, Hold>> = {
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::DynamoDB::Table': table,
  'AWS::S3::Bucket': {
    loss: 'Its objects are lost, or stay in a bucket that no stack uses.',
    instead: 'Keep its ID and name. Another bucket needs a release that copies the objects.',
  },
  'AWS::SecretsManager::Secret': {
    loss: 'Another random value takes its place, and whatever the old one sealed or proved is refused.',
    instead: 'Keep its ID and name. The runbook says how to replace a secret.',
    partsOf: ({ GenerateSecretString, SecretString }) => ({
      ...named('GenerateSecretString', GenerateSecretString),
      ...named('SecretString', SecretString),
    }),
  },
  'AWS::SES::EmailIdentity': {
    loss: 'SES refuses all e-mails until the DNS contains the DKIM records of the new identity.',
    instead: "Keep its ID and the sender's domain. For another domain, publish its DKIM records first.",
  },
  'AWS::CloudFront::Distribution': {
    loss: 'The host name of the console changes, and the DNS record of the origin leads nowhere.',
    instead: 'Keep its ID and its aliases.',
    partsOf: ({ DistributionConfig }) =>
      Object.fromEntries(
        ((DistributionConfig as { Aliases?: string[] }).Aliases ?? []).map((alias) => [`the alias ${alias}`, alias]),
      ),
  },
  'AWS::ApiGatewayV2::Api': {
    loss: 'The URL of the API changes, which the servers of RPs have in their settings.',
    instead: 'Keep its ID and its protocol.',
  },
  'AWS::ApiGatewayV2::Stage': {
    loss: 'The API does not answer between the old and the new stage, and another name changes its URL.',
    instead: 'Keep its ID and name.',
  },
  'AWS::SQS::Queue': {
    loss: 'Its messages are lost.',
    instead: 'Keep its ID and name. Another queue needs a release in which the functions still read the old one.',
  },
  'AWS::SNS::Topic': {
    loss: 'Its subscriptions are lost, and subscribers by e-mail get nothing until they have confirmed a new one.',
    instead: 'Keep its ID and name.',
  },
};

/** A mapping between a stream and a function. Its position in the stream is its state. */
const streamMapping: Hold = {
  loss: 'The new mapping begins at its starting position, so it reads records again, or leaves records out.',
  instead: 'Keep its ID, its stream and its starting position.',
};

const retained: Hold = {
  loss: 'The resource is retained, but no stack uses it.',
  instead: 'Keep its ID, and every property that makes CloudFormation replace it.',
};

const inOutputs: Hold = {
  loss: 'The output or export of the stack that names it changes.',
  instead: 'Keep its ID and name.',
};

export const isRetained = ({ DeletionPolicy, UpdateReplacePolicy }: TemplateResource): boolean =>
  [DeletionPolicy, UpdateReplacePolicy].some((policy) => policy?.startsWith('Retain'));

/**
 * Returns why a resource must outlive every update of its stack, or undefined if an update may replace or remove it.
 * `isInOutputs` says whether an output of the stack names the resource.
 */
export function holdOf(resource: TemplateResource, isInOutputs: boolean): Hold | undefined {
  const { Type, Properties = {} } = resource;
  if (Object.hasOwn(heldTypes, Type)) return heldTypes[Type];
  if (Type === 'AWS::Lambda::EventSourceMapping' && 'StartingPosition' in Properties) return streamMapping;
  if (isRetained(resource)) return retained;
  return isInOutputs ? inOutputs : undefined;
}
