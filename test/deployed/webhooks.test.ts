import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getWebhookContract } from '../../functions/contract/webhooks.ts';
import { deployJourney, takeJourney, type Journey, type Traveller } from './journey.ts';

let journey: Journey;
let alice: Traveller;
beforeAll(async () => {
  journey = await deployJourney();
  alice = await takeJourney(journey);
  const as = alice.session;
  await journey.send('PUT /v1/customer/webhook', { as, body: { url: 'https://127.0.0.1/events' }, status: 200 });
});
afterAll(() => journey.stop());

async function deliveries() {
  const body = await journey.send('GET /v1/customer/webhook', { as: alice.session });
  return getWebhookContract.answer.body.parse(body).webhook?.deliveries;
}
const ofWebhooks = () => journey.cloud.queues.filter(({ logicalId }) => logicalId.startsWith('Webhooks'));

describe('an event for a webhook of the deployed service', () => {
  it('reaches the function that delivers it, which connects to no private address', async () => {
    await journey.send('POST /v1/customer/webhook/test', { as: alice.session, status: 202 });
    await expect
      .poll(deliveries, { timeout: 20_000 })
      .toMatchObject([{ type: 'webhook.test', status: 'failed', failure: 'private-address' }]);
  });

  it('waits in the queue for its next attempt', async () => {
    const { session: as, apiKey } = alice;
    const view = await fetch(`${journey.url}/v1/customer`, { headers: { authorization: `Bearer ${as}` } });
    const set = await fetch(`${journey.url}/v1/customer/mau-alert`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${as}`,
        'content-type': 'application/json',
        'if-match': view.headers.get('etag') ?? '',
      },
      body: JSON.stringify({ enabled: true, threshold: 1 }),
    });
    expect(set.status).toBe(200);
    await journey.send('POST /v1/rp/users', { as: apiKey, body: { users: [{ userId: 'user-2' }] } });
    const operations = [{ userId: 'user-2', type: 'authentication' }];
    await journey.send('POST /v1/rp/operations', { as: apiKey, body: { operations } });
    await journey.send('POST /_local/streams/drain');
    await journey.send('POST /_local/schedules/mau-alerts');

    await expect
      .poll(deliveries, { timeout: 20_000 })
      .toMatchObject([
        { type: 'mau.threshold-exceeded', status: 'pending', attempts: 1, failure: 'private-address' },
        { type: 'webhook.test' },
      ]);
    const bodies = () => ofWebhooks().flatMap((queue) => queue.bodies());
    await expect.poll(bodies).toEqual([expect.stringContaining('msg_') as string]);
    expect(journey.cloud.denials).toEqual([]);
    expect(journey.log.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
