import { RegionInfo } from 'aws-cdk-lib/region-info';

/**
 * Returns whether a text is the code of an AWS region that the installed version of the CDK knows. Regions of other
 * partitions, such as those in China, are none: an account belongs to one partition, and the service runs in `aws`.
 */
export const isAwsRegion = (code: string): boolean =>
  RegionInfo.regions.some(({ name, partition }) => name === code && partition === 'aws');
