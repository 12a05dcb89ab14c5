import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Edit } from './cloud/templates.ts';
import { change, changeMapping, changeRight } from './edits.ts';
import { requestRegistrationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { createPasskey } from '../support/fido2/authenticator.ts';
import { deployJourney, takeJourney, type Journey } from './journey.ts';

const opened = requestRegistrationOptionsContract.answer.body;
let journey: Journey;
afterEach(() => journey.stop());
const deploy = async (...edits: readonly Edit[]) => {
  journey = await deployJourney({ edits });
};
/** Returns the messages of the queue whose logical ID begins with `start`. */
function messagesIn(start: string): unknown[] {
  const found = journey.cloud.queues.filter(({ logicalId }) => logicalId.startsWith(start));
  if (found.length !== 1) throw new Error(`${found.length} queues begin with ${start}.`);
  return found.flatMap((queue) => queue.bodies().map((body) => JSON.parse(body) as unknown));
}
/** Returns how often a function failed, by the beginning of its name. */
const failuresOf = (start: string) =>
  journey.log.filter(({ message, fields }) => message === 'Invoke Error' && String(fields['function']).includes(start))
    .length;

describe('a stream record that the aggregator cannot count', () => {
  const cannotCount = changeRight('aggregateactiveusers', 'dynamodb:UpdateItem', (statement) => [
    { ...statement, Action: [statement.Action].flat().filter((action) => action !== 'dynamodb:UpdateItem') },
  ]);
  const givesUp = changeMapping('aggregateactiveusers', (properties) => {
    properties['MaximumRetryAttempts'] = 2;
  });

  it('is delivered again, and its number goes to the dead-letter queue in the end', async () => {
    await deploy(cannotCount, givesUp);
    await expect(takeJourney(journey)).rejects.toThrow('The MAU of this month are 0 instead of 1');
    expect(failuresOf('aggregateactiveusers')).toBe(3);
    expect(messagesIn('aggregateactiveusersDeadLetters')).toEqual([
      {
        requestContext: { condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: expect.objectContaining({
          batchSize: 1,
          startSequenceNumber: expect.stringMatching(/^\d+$/) as string,
          streamArn: expect.stringContaining(':table/SingleTable') as string,
        }) as object,
      },
    ]);
  });

  it('would be lost if the role could not send to that queue', async () => {
    await deploy(
      cannotCount,
      givesUp,
      changeRight('aggregateactiveusers', 'sqs:SendMessage', () => []),
    );
    await expect(takeJourney(journey)).rejects.toThrow();
    expect(messagesIn('aggregateactiveusersDeadLetters')).toEqual([]);
    expect(journey.cloud.denials).toContainEqual(expect.stringMatching(/is lost: [^]*sqs:SendMessage/));
  });
});

it('the aggregator counts on when one tumbling window ends and the next begins', async () => {
  await deploy(
    changeMapping('aggregateactiveusers', (properties) => {
      properties['TumblingWindowInSeconds'] = 1;
    }),
  );
  const { session, apiKey } = await takeJourney(journey);
  await sleep(1_100);
  const operations = [{ userId: 'user-2', type: 'authentication' }];
  await journey.send('POST /v1/rp/users', { as: apiKey, body: { users: [{ userId: 'user-2' }] } });
  await journey.send('POST /v1/rp/operations', { as: apiKey, body: { operations } });
  await journey.send('POST /_local/streams/drain');
  await expect(journey.send('GET /v1/customer/mau?months=3', { as: session })).resolves.toMatchObject({
    total: [0, 0, 2],
  });
  expect(failuresOf('aggregateactiveusers')).toBe(0);
});

describe('a bounce', () => {
  const bounce = async () => {
    const { email } = await takeJourney(journey);
    const [mail] = journey.cloud.ses.mails.filter(({ to }) => to === email);
    await journey.send(`POST /_local/mail/${String(mail?.id)}/events`, { body: { type: 'bounce' } }).catch(() => null);
    return expect.objectContaining({
      Records: [expect.objectContaining({ EventSource: 'aws:sns' })],
    }) as unknown;
  };

  it('that the function cannot record goes to the dead-letter queue after three attempts', async () => {
    await deploy(changeRight('recordmailevent', 'dynamodb:UpdateItem', () => []));
    const event = await bounce();
    expect(failuresOf('recordmailevent')).toBe(3);
    expect(messagesIn('recordmaileventdeadletters')).toEqual([event]);
  });

  it('that SNS cannot deliver goes to the dead-letter queue of the subscription', async () => {
    await deploy(
      change('AWS::Lambda::Permission', 'recordmailevent', ({ remove }) => {
        remove();
      }),
    );
    const event = await bounce();
    expect(failuresOf('recordmailevent')).toBe(0);
    expect(messagesIn('recordmaileventdeadletters')).toEqual([event]);
    expect(journey.cloud.denials).toEqual([expect.stringContaining('sns.amazonaws.com may not invoke the function')]);
  });
});

it('a schedule cannot run a function that its rule may not invoke', async () => {
  await deploy(
    change('AWS::Lambda::Permission', 'closemonths', ({ remove }) => {
      remove();
    }),
  );
  await expect(journey.send('POST /_local/schedules/month-close')).rejects.toThrow(
    'events.amazonaws.com may not invoke the function',
  );
});

it('ceremonies end although the secret of the stage is rotated meanwhile, in warm and in new processes', async () => {
  // Its processes remember the new secret, so they must not serve other tests, as they do if nothing was edited.
  await deploy(
    change('AWS::Lambda::Function', 'ceremoniesFunction', ({ Properties }) => {
      Properties['MemorySize'] = 1_025;
    }),
  );
  const { secrets } = journey.cloud;
  const { apiKey: as } = await takeJourney(journey);
  const users = ['ann', 'ben', 'cem', 'dan'];
  /** Begins a registration of each user at the same time, so that several processes take part. */
  const begin = (createUser: boolean) =>
    Promise.all(
      users.map(async (userId) =>
        opened.parse(await journey.send('POST /v1/rp/registrations/options', { as, body: { userId, createUser } })),
      ),
    );
  const end = (ceremonies: Awaited<ReturnType<typeof begin>>) =>
    Promise.all(
      ceremonies.map(({ ceremony, options }) => {
        const { response } = createPasskey('https://shop.example.com', options);
        return journey.send('POST /v1/rp/registrations', { as, body: { ceremony, response } });
      }),
    );

  const before = await begin(true);
  for (const [arn, { AWSCURRENT }] of secrets) {
    secrets.set(arn, { AWSCURRENT: `${AWSCURRENT}-rotated`, AWSPREVIOUS: AWSCURRENT });
  }
  await end(before);
  await end(await begin(false));
  expect(journey.cloud.denials).toEqual([]);
});
