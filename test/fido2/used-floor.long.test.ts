import { beforeAll, expect, it } from 'vitest';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { meanwhile } from '../support/table-faults.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
type Ended = Awaited<ReturnType<CeremonyProcess['use']>>;
let opened: Awaited<ReturnType<typeof openCeremonies>>;
let healthy: CeremonyProcess;
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});

/** Returns a process that waits before its first write until `release` is called, and a promise of that moment. */
function waiting() {
  const reached = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const release = () => {
    gate.resolve(undefined);
  };
  const waits = () => {
    reached.resolve(undefined);
    return gate.promise;
  };
  return { process: opened.process(meanwhile(opened.metering.table, waits)), reached: reached.promise, release };
}

it('sign-ins continue after one sign-in raised the floor above the use of another', async () => {
  const { table, clock } = opened.metering;
  const { passkey, ended } = await healthy.create({ userId: 'user-1', createUser: true });
  await healthy.register(ended);
  const begin = (body: Parameters<CeremonyProcess['use']>[1] = {}) => {
    clock.time += SECOND;
    return healthy.use(passkey, body);
  };
  // A conditional sign-in lasts 24 hours, so its use stays longer than those of the others.
  const oldest = await begin({ mediation: 'conditional' });
  const others: Ended[] = [];
  for (let index = 0; index < 65; index += 1) others.push(await begin());
  const [last, lastButOne] = [others.pop(), others.pop()] as [Ended, Ended];

  for (const other of others) await healthy.signIn(other); // 63 uses
  const slow = waiting();
  const adding = slow.process.signIn(oldest); // has read 63 uses, so it drops none
  await slow.reached;
  await healthy.signIn(lastButOne); // 64 uses
  const raising = meanwhile(table, async () => {
    slow.release();
    await adding;
  });
  await opened.process(raising).signIn(last); // has not read the use of `oldest`, and raises the floor above it

  clock.time += 30 * MINUTE; // the uses of the others are over
  for (let index = 0; index < 66; index += 1) await healthy.signIn(await begin());
  await expect(healthy.signIn(oldest)).rejects.toMatchObject({ refusal: 'ceremony-used' });
});
