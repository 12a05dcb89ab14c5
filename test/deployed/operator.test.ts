import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOperatorProcess } from '../support/operator-command-line.ts';
import { openShared } from './cloud/releases.ts';
import { deployJourney, takeJourney, type Journey } from './journey.ts';

let journey: Journey;
let unbind: () => void;
let environment: Record<string, string>;
beforeAll(async () => {
  journey = await deployJourney();
  const { front } = await openShared();
  unbind = front.bind('OPERATOR', journey.cloud.callAsOperator);
  environment = {
    AWS_ENDPOINT_URL: front.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'OPERATOR',
    AWS_SECRET_ACCESS_KEY: 'secret',
  };
});
afterAll(async () => {
  unbind();
  await journey.stop();
});

describe('the operator’s command line with --stage', () => {
  it('lists the customers of the stage through the Invoke API of Lambda', async () => {
    await takeJourney(journey);

    const { exitCode, stdout, stderr } = await runOperatorProcess(
      ['--stage', 'production', 'customer', 'list'],
      environment,
    );

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^cus_\w+ +active +free .* Example Corporation +\S.*>$/m);
  });

  it('says what to do when there is no such stage', async () => {
    const { exitCode, stderr } = await runOperatorProcess(['--stage', 'other', 'customer', 'list'], environment);

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('There is no function fido2-server-service-other-operator');
  });
});
