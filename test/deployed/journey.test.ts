import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deployJourney, takeJourney, type Journey } from './journey.ts';

describe('the deployed service', () => {
  let journey: Journey;
  beforeAll(async () => {
    journey = await deployJourney();
  });
  afterAll(() => journey.stop());

  it('takes a customer from the sign-up to the MAU, with no call that the roles deny', async () => {
    await takeJourney(journey);

    expect(journey.cloud.denials).toEqual([]);
    expect(journey.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });

  it('runs each scheduled function, and each of them succeeds', async () => {
    for (const schedule of ['mau-alerts', 'recount', 'month-close', 'begin-discarding', 'customer-summary']) {
      await journey.send(`POST /_local/schedules/${schedule}`);
    }
    expect(journey.cloud.denials).toEqual([]);
  });

  it('leaves nothing in the queues and the dead-letter queues', () => {
    expect(journey.cloud.queues.flatMap((queue) => queue.bodies())).toEqual([]);
  });

  it('answers with status 404 where no route is', async () => {
    await journey.send('GET /v1/nothing', { status: 404 });
  });
});
