import { createHash } from 'node:crypto';

/** The names with which templates and AWS's APIs refer to a resource. */
export interface Identity {
  /** The value of `Ref`. */
  readonly ref: string;
  /** The values of `Fn::GetAtt`. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The account and the region in which the tests deploy, and the host and port of the harness's AWS. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
}

type Properties = Readonly<Record<string, unknown>>;

/**
 * Returns the names of a resource. CloudFormation makes up the names that a template does not set; here they depend
 * only on the stack's name and the logical ID, so that they are the same in each run. Throws if nothing is known about
 * the names of the type.
 */
export function identityOf(
  stack: string,
  logicalId: string,
  type: string,
  properties: Properties,
  place: Place,
): Identity {
  const name = Object.hasOwn(naming, type) ? naming[type] : undefined;
  if (!name) throw new Error(`The names of a resource of type ${type} are not known: ${stack}/${logicalId}`);
  const made = `${logicalId.slice(0, 48)}-${digits({ stack, logicalId }, 8)}`;
  return name({ made, stack, logicalId, properties, place });
}

interface Given {
  /** A name for a resource whose template sets none. */
  readonly made: string;
  readonly stack: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly place: Place;
}

const set = ({ properties, made }: Given, property: string) => {
  const value = properties[property];
  if (value === undefined) return made;
  if (typeof value !== 'string') throw new Error(`The name ${property} of ${made} must be a text in the template.`);
  return value;
};
const arn = ({ place: { region, account } }: Given, service: string, resource: string) =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
/** Returns an ID of hexadecimal digits, which AWS would choose at random. */
const digits = ({ stack, logicalId }: Pick<Given, 'stack' | 'logicalId'>, length: number) =>
  createHash('sha256').update(`${stack}/${logicalId}`).digest('hex').slice(0, length);
/** Returns how types are named that have no more than an ID. */
const byId = (given: Given): Identity => ({ ref: digits(given, 10), attributes: {} });

const naming: Readonly<Record<string, (given: Given) => Identity>> = {
  'AWS::DynamoDB::GlobalTable': (given) => {
    const ref = set(given, 'TableName');
    const table = arn(given, 'dynamodb', `table/${ref}`);
    return { ref, attributes: { Arn: table, StreamArn: `${table}/stream/2026-01-01T00:00:00.000` } };
  },
  'AWS::SecretsManager::Secret': (given) => ({
    ref: arn(given, 'secretsmanager', `secret:${set(given, 'Name')}-${digits(given, 6)}`),
    attributes: {},
  }),
  'AWS::SQS::Queue': (given) => {
    const name = set(given, 'QueueName');
    // The SDK sends calls to the host of a queue's URL, so the host is that of the harness.
    return {
      ref: `${given.place.endpoint}/${given.place.account}/${name}`,
      attributes: { Arn: arn(given, 'sqs', name), QueueName: name },
    };
  },
  'AWS::Logs::LogGroup': (given) => {
    const ref = set(given, 'LogGroupName');
    return { ref, attributes: { Arn: `${arn(given, 'logs', `log-group:${ref}`)}:*` } };
  },
  'AWS::IAM::Role': (given) => {
    const ref = set(given, 'RoleName');
    return { ref, attributes: { Arn: `arn:aws:iam::${given.place.account}:role/${ref}` } };
  },
  'AWS::IAM::Policy': byId,
  'AWS::Lambda::Function': (given) => {
    const ref = set(given, 'FunctionName');
    return { ref, attributes: { Arn: arn(given, 'lambda', `function:${ref}`) } };
  },
  'AWS::Lambda::Version': byId,
  'AWS::Lambda::Permission': byId,
  'AWS::Lambda::EventInvokeConfig': byId,
  'AWS::Lambda::EventSourceMapping': byId,
  'AWS::SES::EmailIdentity': (given) => ({ ref: set(given, 'EmailIdentity'), attributes: {} }),
  'AWS::SES::ConfigurationSet': (given) => ({ ref: set(given, 'Name'), attributes: {} }),
  'AWS::SES::ConfigurationSetEventDestination': byId,
  'AWS::SNS::Topic': (given) => {
    const name = set(given, 'TopicName');
    return { ref: arn(given, 'sns', name), attributes: { TopicName: name } };
  },
  'AWS::SNS::Subscription': byId,
  'AWS::Events::Rule': (given) => {
    const ref = set(given, 'Name');
    return { ref, attributes: { Arn: arn(given, 'events', `rule/${ref}`) } };
  },
  // The policies of roles name the bucket and the distribution of the console.
  'AWS::S3::Bucket': (given) => {
    const ref = set(given, 'BucketName').toLowerCase();
    return { ref, attributes: { Arn: `arn:aws:s3:::${ref}` } };
  },
  'AWS::CloudFront::Distribution': byId,
  'AWS::ApiGatewayV2::Api': byId,
  'AWS::ApiGatewayV2::Integration': byId,
  'AWS::ApiGatewayV2::Route': byId,
  'AWS::ApiGatewayV2::Stage': (given) => ({ ref: set(given, 'StageName'), attributes: {} }),
};
