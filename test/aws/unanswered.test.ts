import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { restorePolicy } from '../../bin/restore/policy.ts';
import { stages } from '../../config/stages.ts';
import { childEnvironment } from '../support/child-processes.ts';
import { FakeError, NO_ANSWER, startFakeAws, type FakeAnswer, type FakeAws } from '../support/fake-aws.ts';

const NAME = 'fido2-server-service-production';
const restore = ['bin/restore.ts', '--stage', 'production', '--time', '2026-11-03T23:00:00Z', '--dry-run'];
const operator = ['bin/operator.ts', '--stage', 'production', 'customer', 'list'];
// The smoke test reads the settings of a stage, here of the first stage of the operator.
const [stage = ''] = Object.keys(stages);
const smoke = ['bin/smoke.ts', '--stage', stage, '--email', 'a@example.com'];

const SET_CREDENTIALS =
  'Set AWS_PROFILE, such as AWS_PROFILE=operator, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

/** The home of a person who has no settings for AWS. */
const home = mkdtempSync(join(tmpdir(), 'fido2-server-service-home-'));
let aws: FakeAws;
beforeAll(async () => {
  aws = await startFakeAws();
});
afterAll(async () => {
  rmSync(home, { recursive: true });
  await aws.stop();
});

const nobody = { HOME: home, AWS_EC2_METADATA_DISABLED: 'true' };
const region = { AWS_REGION: 'eu-central-1' };
const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };

/** Runs a command as a process of its own. */
function run(command: readonly string[], environment: Readonly<Record<string, string>>) {
  return new Promise<{ exitCode: number; stdout: string; stderr: string }>((resolve) => {
    const env = childEnvironment({ ...nobody, ...environment });
    execFile(process.execPath, command, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

it.each([
  [
    'no region',
    restore,
    credentials,
    'The restore cannot go on: no region is set. Set the region, such as AWS_REGION=us-east-1.\n',
  ],
  ['no credentials', restore, region, `The restore cannot go on: no AWS credentials were found. ${SET_CREDENTIALS}\n`],
  [
    'no region',
    operator,
    credentials,
    'The function was not invoked\n  No region is set. Set the region, such as AWS_REGION=us-east-1.\n',
  ],
  [
    'no credentials',
    operator,
    region,
    `The function was not invoked\n  No AWS credentials were found. ${SET_CREDENTIALS}\n`,
  ],
])('with %s, %s says what to do, without a stack trace', async (_, command, environment, stderr) => {
  expect(await run(command, environment)).toEqual({ exitCode: 1, stdout: '', stderr });
});

it.each([
  ['no region', credentials, 'Set the region, such as AWS_REGION=us-east-1.'],
  ['no credentials', region, SET_CREDENTIALS],
])('with %s, the smoke test says what to do, without a stack trace', async (_, environment, next) => {
  const { exitCode, stdout, stderr } = await run(smoke, environment);
  expect([exitCode, stderr]).toEqual([1, '']);
  expect(stdout).toContain(next);
  expect(stdout).not.toMatch(/^ +at /m);
});

it('the restore prints its policy without a stage, a time and credentials', async () => {
  const { exitCode, stdout, stderr } = await run(['bin/restore.ts', '--policy'], {});
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(JSON.parse(stdout)).toEqual(restorePolicy());
});

it.each<[string, FakeAnswer, string]>([
  [
    'a right is missing',
    new FakeError(
      'AccessDenied',
      `User: arn:aws:iam::123456789012:user/a is not authorized to perform: cloudformation:DescribeStacks on resource: ${NAME}-data`,
      403,
    ),
    'The restore cannot go on: the right cloudformation:DescribeStacks is missing. Allow cloudformation:DescribeStacks to these credentials.\n',
  ],
  [
    'the stage is not deployed',
    new FakeError('ValidationError', `Stack with id ${NAME}-data does not exist`),
    `There is no stack ${NAME}-data in this account and region. Check --stage, AWS_PROFILE and AWS_REGION.\n`,
  ],
  [
    'AWS fails',
    new FakeError('ValidationError', 'Something else'),
    'The restore cannot go on: no answer about the stage production (ValidationError: Something else). Check the network and the region, and run the command again.\n',
  ],
])('if %s, the restore says what to do, without a stack trace', async (_, answer, stderr) => {
  aws.become({ DescribeStacks: () => answer });
  const environment = { ...region, ...credentials, AWS_ENDPOINT_URL: aws.endpoint };
  expect(await run(restore, environment)).toEqual({ exitCode: 1, stdout: '', stderr });
});

it.each<[string, FakeAnswer, string]>([
  [
    'AWS accepts no credentials',
    new FakeError('UnrecognizedClientException', 'The security token included in the request is invalid.', 403),
    'The function was not invoked\n  AWS accepts none of your credentials (UnrecognizedClientException). Set or renew the AWS credentials, such as AWS_PROFILE=operator.\n',
  ],
  [
    'the right is missing',
    new FakeError('AccessDeniedException', 'User is not authorized', 403),
    'The function was not invoked\n  The right lambda:InvokeFunction is missing. Allow lambda:InvokeFunction to these credentials.\n',
  ],
  [
    'Lambda refuses to run the function',
    new FakeError('TooManyRequestsException', 'Rate Exceeded.', 429),
    'The function was not invoked\n  Lambda refuses the call (Rate Exceeded.). If the stage is suspended, no command can run. Otherwise, run the command again in a minute.\n',
  ],
  [
    'the answer is lost',
    NO_ANSWER,
    `The function may have run, but its result did not arrive\n  Lambda has not answered (ECONNRESET). Read the log of ${NAME}-operator and check whether the command changed the customer before you try again.\n`,
  ],
  [
    'Lambda fails',
    new FakeError('ServiceException', 'Internal', 500),
    `The function may have run, but its result did not arrive\n  Lambda has not answered (ServiceException: Internal). Read the log of ${NAME}-operator and check whether the command changed the customer before you try again.\n`,
  ],
])('if %s, the operator command line says what to do, and invokes the function once', async (_, answer, stderr) => {
  aws.become({ Invoke: () => answer });
  const environment = { ...region, ...credentials, AWS_ENDPOINT_URL: aws.endpoint, AWS_MAX_ATTEMPTS: '5' };
  expect(await run(operator, environment)).toEqual({ exitCode: 1, stdout: '', stderr });
  expect(aws.called).toEqual(['Invoke']);
});

it.each([
  ['nobody listens', 'http://127.0.0.1:9', 'ECONNREFUSED'],
  ['its host has no address', 'http://lambda.invalid', /ENOTFOUND|EAI_AGAIN/.source],
])('if Lambda cannot be reached because %s, the command has not run', async (_, endpoint, code) => {
  const { exitCode, stdout, stderr } = await run(operator, { ...region, ...credentials, AWS_ENDPOINT_URL: endpoint });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    new RegExp(
      `^The function was not invoked\n  There is no connection to Lambda \\((${code})\\)\\. Check the network and AWS_REGION, and run the command again\\.\n$`,
    ),
  );
});
