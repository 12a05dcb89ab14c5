import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  refused,
  startFaultyEngine,
  transactionConflict,
  type Call,
  type FaultyEngine,
} from '../support/faulty-engine.ts';
import { startTestService, type TestService } from '../support/service.ts';

let engine: FaultyEngine;
let service: TestService;

beforeAll(async () => {
  engine = await startFaultyEngine();
  service = await startTestService({ endpoint: engine.endpoint });
});
afterAll(async () => {
  await service.stop();
  await engine.stop();
});
afterEach(() => {
  engine.fault = () => undefined;
});

const registerRp = (session: string) =>
  service.send('POST /v1/rps', { as: session, body: { rpId: 'shop.example.com', name: 'Example Shop' } });
const isTransaction = ({ operation }: Call) => operation === 'TransactWriteItems';

describe('a request whose transaction conflicts with other transactions', () => {
  it('succeeds after the service has repeated the transaction several times', async () => {
    const { session } = await service.signUp();
    let conflicts = 0;
    engine.fault = (call) => (isTransaction(call) && (conflicts += 1) <= 5 ? transactionConflict(call, 2) : undefined);
    expect((await registerRp(session)).status).toBe(201);
    expect(conflicts).toBe(6);
    expect((await service.send('GET /v1/customer', { as: session })).body).toMatchObject({
      license: { registeredRps: 1 },
    });
  });

  it('gets a 503 response and changes nothing if every attempt conflicts', async () => {
    const { session } = await service.signUp();
    let tries = 0;
    const before = await service.dump();
    engine.fault = (call) => {
      if (!isTransaction(call)) return undefined;
      tries += 1;
      return transactionConflict(call);
    };
    const answer = await registerRp(session);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/problems/unavailable',
      status: 503,
      title: 'Try again in a moment',
      requestId: expect.any(String) as string,
    });
    expect(tries).toBeGreaterThan(5);
    engine.fault = () => undefined;
    expect(await service.dump()).toEqual(before);
    expect((await registerRp(session)).status).toBe(201);
  });

  it('registers and counts each user exactly once', async () => {
    const { session } = await service.signUp();
    const rp = (await service.newRp(session)).id;
    const { apiKey } = await service.newApiKey(session, rp);
    let transactions = 0;
    engine.fault = (call) =>
      isTransaction(call) && (transactions += 1) % 3 === 0 ? transactionConflict(call, transactions % 5) : undefined;
    const answers = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        service.send('POST /v1/rp/users', {
          as: apiKey,
          body: { users: Array.from({ length: 4 }, (__, user) => ({ userId: `${index}-${user}` })) },
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(transactions).toBeGreaterThan(30);
    const items = (await service.dump()).filter(({ pk, userId }) => pk === `RP#${rp}` && userId !== undefined);
    expect(items).toHaveLength(100);
    const view = await service.send('GET /v1/customer', { as: session });
    expect(view.body).toMatchObject({ license: { registeredUsers: 100 } });
  });
});

describe('a DynamoDB error', () => {
  it.each([
    [
      'throttles a read',
      { status: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'no' } },
    ],
    [
      'has an internal error',
      { status: 500, body: { __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError', message: 'no' } },
    ],
  ])('causes a 503 response if DynamoDB %s', async (_, refusal) => {
    const { session } = await service.signUp();
    engine.fault = ({ operation }) => (operation === 'GetItem' ? refusal : undefined);
    const answer = await service.send('GET /v1/customer', { as: session });
    expect(answer.body).toMatchObject({ type: '/problems/unavailable', status: 503 });
    expect(answer.text).not.toContain('detail');
  });

  it('causes a 500 response if DynamoDB refuses a call as invalid, and only the log states the reason', async () => {
    const { session } = await service.signUp();
    engine.fault = ({ operation }) =>
      operation === 'GetItem' ? refused('ValidationException', 'The table of secrets is broken') : undefined;
    const answer = await service.send('GET /v1/customer', { as: session });
    expect(answer.status).toBe(500);
    const { requestId } = answer.body as { requestId: string };
    expect(answer.body).toEqual({
      type: '/problems/internal',
      status: 500,
      title: 'Something went wrong here',
      requestId,
    });
    const line = service.logged.find(({ level, fields }) => level === 'error' && fields['requestId'] === requestId);
    expect(line?.fields['error']).toMatchObject({ message: 'The table of secrets is broken' });
  });

  it('causes a 500 response even if an earlier request with the same credential succeeded', async () => {
    const { session } = await service.signUp();
    expect((await service.send('GET /v1/customer', { as: session })).status).toBe(200);
    engine.fault = ({ operation }) =>
      operation === 'BatchGetItem' ? refused('ResourceNotFoundException', 'no table') : undefined;
    expect((await service.send('GET /v1/customer', { as: session })).status).toBe(500);
  });
});
