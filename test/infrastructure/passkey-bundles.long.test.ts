import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleEnvironment } from '../../bench/bundles.ts';
import { authenticateSession } from '../../functions/domain/sessions/authenticate-session.ts';
import { requestPasskeyOptions } from '../../functions/domain/signing-in/request-passkey-options.ts';
import { requestSessionOptions } from '../../functions/domain/signing-in/request-session-options.ts';
import { writeBundle } from '../../lib/constructs/bundles.ts';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { engineEndpoint } from '../support/engine.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const RUN = `
const { handler } = await import(process.argv[1]);
const context = { awsRequestId: 'test', getRemainingTimeInMillis: () => 10_000 };
console.log(JSON.stringify(await handler(JSON.parse(process.argv[2]), context)));
process.exit();`;

/**
 * The bundles that these tests run contain no code that verifies certificates. The tests show that WebAuthn ceremonies
 * work without this code.
 */
describe('the bundled passkey functions', () => {
  let metering: Metering;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'passkey-bundles-'));
    // The bundles run in other processes, which use the real clock.
    metering = await openMetering({ now: new Date().toISOString() });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /**
   * Runs a bundle in a separate process, as Lambda does, and passes an event to the bundle. The bundle uses the table
   * of the test. Returns the response.
   */
  async function run(name: 'console' | 'anonymous', event: APIGatewayProxyEventV2) {
    const file = writeBundle(name, join(folder, name));
    const env = {
      ...bundleEnvironment,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_ENDPOINT_URL_DYNAMODB: await engineEndpoint(),
      TABLE_NAME: metering.table.name,
      CONSOLE_URL: metering.services.consoleUrl,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
    };
    const args = ['--input-type=module', '--eval', RUN, file, JSON.stringify(event)];
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: '/', env, encoding: 'utf8' });
    const answer = JSON.parse(stdout) as APIGatewayProxyStructuredResultV2;
    return { status: answer.statusCode, body: JSON.parse(answer.body ?? '') as Record<string, unknown> };
  }

  async function add(token: string, deviations: Parameters<typeof createPasskey>[2]) {
    const { services, clock } = metering;
    clock.time = Date.now();
    const options = await requestPasskeyOptions(services, await authenticateSession(services, token));
    const { passkey, response } = createPasskey(services.consoleUrl, options, deviations);
    const body = { name: 'Phone', passkey: response };
    return {
      passkey,
      answer: await run('console', httpEvent('POST /v1/passkeys', { credential: token, body, now: clock.time })),
    };
  }

  it.each([
    ['ES256', {}],
    ['EdDSA', { algorithm: -8 }],
    ['RS256', { algorithm: -257 }],
    ['a self attestation', { attests: 'self' }],
  ] as const)('register a passkey with %s and accept the passkey at sign-in', async (_, deviations) => {
    const { services, clock } = metering;
    const { token, administrator } = await metering.signUp();
    const { passkey, answer } = await add(token, deviations);
    expect(answer).toMatchObject({ status: 201, body: { name: 'Phone' } });

    const signIn = async (isUserVerified: boolean) => {
      const options = await requestSessionOptions(services);
      const response = usePasskey(services.consoleUrl, passkey, options, { isUserVerified });
      const event = { credential: '', body: { passkey: response }, now: clock.time };
      return run('anonymous', httpEvent('POST /v1/sessions', event));
    };
    expect(await signIn(true)).toMatchObject({
      status: 201,
      body: { administrator: { id: administrator.administratorId }, mayOnly: null },
    });
    expect(await signIn(false)).toMatchObject({ status: 401 });
  });

  it('register a passkey whose attestation contains a certificate, without verifying the certificate', async () => {
    const { token } = await metering.signUp();
    const { answer } = await add(token, { attests: 'certificate' });
    expect(answer).toMatchObject({ status: 201, body: { name: 'Phone' } });
  });
});
