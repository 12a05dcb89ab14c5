import type { S3Client } from '@aws-sdk/client-s3';

/**
 * Creates the function that stores copies, as JSON, in an S3 bucket. The created function does nothing if the bucket
 * has an object of this name, and throws when S3 does not store the copy. It loads the client only when it is called.
 * `endpoint` names another S3 than that of AWS. @default endpoint - S3 in AWS
 */
export function openCopies(
  { bucket, region }: { readonly bucket: string; readonly region: string },
  endpoint?: { endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } },
): (name: string, copy: object) => Promise<void> {
  let client: S3Client | undefined;
  return async (name, copy) => {
    const { PutObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    client ??= new S3Client({
      region,
      ...(endpoint && { ...endpoint, forcePathStyle: true }),
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    });
    try {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: name,
          Body: JSON.stringify(copy),
          ContentType: 'application/json',
          // "If-None-Match: *" (Amazon S3 User Guide, "How to prevent object overwrites with conditional writes").
          IfNoneMatch: '*',
        }),
      );
    } catch (error) {
      if ((error as Error).name !== 'PreconditionFailed') throw error;
    }
  };
}
