/** The types of resources that the harness builds. */
export const builtTypes = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::Events::Rule',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::Lambda::Permission',
  'AWS::Lambda::Version',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SES::EmailIdentity',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::Queue',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::Secret',
  'Custom::Trigger',
] as const;

/** The types of resources that the harness leaves out, each with the reason. */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::Budgets::Budget': 'Observes only.',
  'AWS::CloudWatch::Alarm': 'Observes only. The tests of the operations stack compare each alarm with its metric.',
  'AWS::CloudWatch::Dashboard': 'Observes only.',
  'AWS::Logs::LogGroup': 'The tests read the lines of the log from the processes.',
  'AWS::Logs::MetricFilter': 'Observes only.',
  'AWS::S3::Bucket': 'Contains the console, which is the same in the tests of the browser.',
  'AWS::S3::BucketPolicy': 'Contains the console, which is the same in the tests of the browser.',
  'AWS::CloudFront::Function': 'The console stack: the tests call the API directly, as servers of RPs do.',
  'AWS::CloudFront::CachePolicy': 'The console stack: the tests call the API directly, as servers of RPs do.',
  'AWS::CloudFront::ResponseHeadersPolicy': 'The console stack: the tests call the API directly.',
  'AWS::CloudFront::OriginAccessControl': 'The console stack: the tests call the API directly.',
  'AWS::CloudFront::Distribution': 'The console stack: the tests call the API directly.',
  'AWS::Lambda::LayerVersion': 'Contains the AWS CLI, with which the CDK copies the console to S3.',
  'Custom::CDKBucketDeployment': 'Copies the console to S3.',
  'Custom::S3AutoDeleteObjects': 'Empties the bucket of the console when the stack is deleted.',
};

/**
 * The functions that the harness leaves out, by the beginning of their logical IDs. They are the CDK's own code, which
 * runs while a stack is deployed, on a runtime that the CDK chooses.
 */
export const ignoredFunctions: Readonly<Record<string, string>> = {
  AWSCDKTriggerCustomResourceProvider: 'deploy.ts does what this function does: it invokes the function of a trigger.',
  CustomS3AutoDeleteObjects: 'Empties the bucket of the console when the stack is deleted.',
  CustomCDKBucketDeployment: 'Copies the console to S3.',
};

/** Returns whether the harness builds a resource. Throws if the type is neither built nor left out on purpose. */
export function isBuilt(stack: string, logicalId: string, type: string): boolean {
  if (Object.hasOwn(ignoredTypes, type)) return false;
  if (!(builtTypes as readonly string[]).includes(type)) {
    throw new Error(
      `The tests of the deployed service do not know the type ${type} of ${stack}/${logicalId}. Build it in test/deployed/cloud, or add it to ignoredTypes with the reason.`,
    );
  }
  return !Object.keys(ignoredFunctions).some(
    (prefix) => type === 'AWS::Lambda::Function' && logicalId.startsWith(prefix),
  );
}
