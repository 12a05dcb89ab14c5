import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { authenticateUserContract, requestAuthenticationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { getUserContract } from '../../functions/contract/users.ts';
import { usePasskey } from '../../test/support/fido2/authenticator.ts';
import { startCeremonies } from '../../test/support/fido2/ceremony-processes.ts';
import type { Goal, Report } from '../report.ts';
import { cpuTimeOf, type CpuTime } from '../setting/cpu.ts';
import { element } from '../setting/element.ts';
import { addCustomer, createTable } from '../setting/population.ts';
import { median, secondsOf } from '../setting/statistics.ts';
import { bodyOf, sendTo } from '../soak/client.ts';
import { BARE_SERVERS, forkBareServer, type BareServer } from './bare-servers.ts';
import { forkServer, type ForkedServer } from './forked-server.ts';
import { ceremonyServicesOf, registerPasskeyUsers, serverOf, type PasskeyUser } from './passkey-users.ts';

/**
 * The requests that are compared. `sign-in` is two requests: the options, and the end of the sign-in. The others are
 * requests to the service, and sign-ins on bare servers.
 */
const KINDS = ['sign-in', 'GET user', 'GET health', ...BARE_SERVERS] as const;
type Kind = (typeof KINDS)[number];
const CALLERS = [1, 8, 32] as const;

/** The speed and the CPU time of each kind of work over HTTP. */
export interface HttpSignIns {
  /** The number of each kind of work per second, by the number of callers, in each round. */
  readonly speeds: Readonly<Record<(typeof CALLERS)[number], Readonly<Record<Kind, readonly number[]>>>>;
  /** The CPU time of the server's process for one piece of work. */
  readonly cpu: Readonly<Record<Kind, CpuTime>>;
}
/** The numbers of sign-ins in a round for each number of callers, and of rounds. */
export interface HttpSize {
  readonly signIns: number;
  readonly rounds: number;
}

/** The goal for the CPU time of a whole sign-in in the service's process, in milliseconds. */
const MAX_CPU = 2.5;
const begunSchema = z.object({ ceremony: z.string(), options: z.object({ challenge: z.string() }) });
const realClock = { now: () => Date.now() };

/**
 * Measures sign-ins over HTTP. The local service runs in a process of its own, and so do the engine and each bare
 * server; the authenticators and the RP's server are in this process. In each round, as many sign-ins as other requests
 * for the same users alternate with each number of callers, so that other work on the machine slows all of them.
 */
export async function measureHttpSignIns(endpoint: string, { signIns, rounds }: HttpSize): Promise<HttpSignIns> {
  const bench = await createTable(endpoint);
  const { apiKey } = await addCustomer(bench.table, 0);
  const caller = await serverOf(bench.table, realClock, apiKey);
  const ceremonies = startCeremonies(ceremonyServicesOf(bench.table, realClock), caller);
  // Each user signs in once with each number of callers in a round. A user who signs in often within minutes would
  // have a larger item.
  const users = await registerPasskeyUsers(ceremonies, signIns);
  const origin = `https://${caller.rp.rpId}`;
  const folder = await mkdtemp(join(tmpdir(), 'bench-sign-ins-'));
  const started: ForkedServer[] = [];
  const start = async (server: Promise<ForkedServer>) => {
    started.push(await server);
    return server;
  };
  try {
    const log = join(folder, 'service.log');
    const service = await start(forkServer('service-process.ts', [endpoint, bench.table.name, log]));
    const passkeys = users.map(({ passkey }) => passkey);
    const [usual, floor] = [
      await start(forkBareServer('SimpleWebAuthn', folder, origin, passkeys)),
      await start(forkBareServer('floor', folder, origin, passkeys)),
    ];
    const work: Record<Kind, Work> = {
      ...workOf(service, apiKey, origin),
      SimpleWebAuthn: workOfBareServer(usual, origin),
      floor: workOfBareServer(floor, origin),
    };
    await sendTo(service.url)('POST /_local/streams/drain');
    for (const kind of KINDS) await perform(users, 8, work[kind].perform); // to warm up
    const speeds = { 1: lists(), 8: lists(), 32: lists() };
    const cpu = lists();
    for (let round = 0; round < rounds; round += 1) {
      for (const callers of CALLERS) {
        for (const kind of KINDS) {
          const { server, perform: performOnce } = work[kind];
          const before = await server.cpu();
          const seconds = await perform(users, callers, performOnce);
          cpu[kind].push(((await server.cpu()) - before) / users.length);
          speeds[callers][kind].push(users.length / seconds);
        }
      }
    }
    return {
      speeds,
      cpu: Object.fromEntries(KINDS.map((kind) => [kind, cpuTimeOf(cpu[kind])])) as HttpSignIns['cpu'],
    };
  } finally {
    await Promise.all(started.map((server) => server.stop()));
    await rm(folder, { recursive: true });
    bench.close();
  }
}

const lists = () => Object.fromEntries(KINDS.map((kind) => [kind, [] as number[]])) as Record<Kind, number[]>;

/** A kind of work that the server in another process does for a user. */
interface Work {
  readonly server: ForkedServer;
  readonly perform: (user: PasskeyUser) => Promise<unknown>;
}

function workOf(server: ForkedServer, apiKey: string, origin: string): Record<Exclude<Kind, BareServer>, Work> {
  const send = sendTo(server.url, apiKey);
  const signIn = async ({ passkey }: PasskeyUser) => {
    const begun = await send('POST /v1/rp/authentications/options', {});
    const { ceremony, options } = bodyOf(requestAuthenticationOptionsContract.answer.body, begun);
    const response = usePasskey(origin, passkey, options);
    const ended = await send('POST /v1/rp/authentications', { ceremony, response });
    return bodyOf(authenticateUserContract.answer.body, ended);
  };
  const getUser = async ({ userId }: PasskeyUser) =>
    bodyOf(getUserContract.answer.body, await send(`GET /v1/rp/users/${encodeURIComponent(userId)}`));
  const getHealth = async () => {
    const { status } = await send('GET /v1/health');
    if (status !== 200) throw new Error(`The service answered ${status}.`);
  };
  return {
    'sign-in': { server, perform: signIn },
    'GET user': { server, perform: getUser },
    'GET health': { server, perform: getHealth },
  };
}

function workOfBareServer(server: ForkedServer, origin: string): Work {
  const send = sendTo(server.url);
  return {
    server,
    perform: async ({ passkey }) => {
      const { ceremony, options } = bodyOf(begunSchema, await send('POST /options', {}));
      const response = usePasskey(origin, passkey, options);
      const { status, body } = await send('POST /finish', { ceremony, response });
      if (status !== 200) throw new Error(`The bare server answered ${status} ${JSON.stringify(body)}.`);
    },
  };
}

/** Performs the work of each user, `callers` of them at a time. Returns the seconds that this took. */
async function perform(
  users: readonly PasskeyUser[],
  callers: number,
  work: (user: PasskeyUser) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const call = async () => {
    while (next < users.length) {
      next += 1;
      await work(element(users, next - 1));
    }
  };
  return secondsOf(() => Promise.all(Array.from({ length: callers }, call)));
}

const labels: Record<Kind, string> = {
  'sign-in': 'sign-in',
  'GET user': 'GET user',
  'GET health': 'GET health',
  SimpleWebAuthn: 'sign-in on a bare server with SimpleWebAuthn',
  floor: 'two bare requests, one verification, one write',
};

/** Reports sign-ins over HTTP. */
export function reportHttpSignIns(measured: HttpSignIns): Report {
  const { speeds, cpu } = measured;
  const times = (server: BareServer) => (cpu['sign-in'].fastest / cpu[server].fastest).toFixed(1);
  const row = (callers: (typeof CALLERS)[number]) => {
    const [signIns, gets] = [speeds[callers]['sign-in'], speeds[callers]['GET user']];
    return {
      'sign-ins/s': median(signIns),
      'GET user/s': median(gets),
      'sign-ins for each GET': median(signIns.map((each, round) => each / element(gets, round))),
    };
  };
  return {
    title: 'Sign-ins over HTTP, options and finish, beside GET /v1/rp/users/{userId}',
    tables: [
      Object.fromEntries(CALLERS.map((callers) => [callers === 1 ? '1 caller' : `${callers} callers`, row(callers)])),
      Object.fromEntries(KINDS.map((kind) => [`CPU of the server's process, ms: ${labels[kind]}`, { ...cpu[kind] }])),
    ],
    notes: [
      'The callers, the authenticators, the engine and the bare servers run on the same machine, in other processes. A',
      'bare server has one RP and a SQLite database, and no API keys, limits, logs and counting.',
      `A sign-in takes ${times('SimpleWebAuthn')} times the CPU of a bare server that uses SimpleWebAuthn, and`,
      `${times('floor')} times that of two requests, one ES256 verification and one write.`,
    ],
    goals: judge(measured),
  };
}

/** Returns the goal about the CPU time of a sign-in over HTTP, and whether it is met. */
export function judge({ cpu }: { readonly cpu: Pick<HttpSignIns['cpu'], 'sign-in'> }): Goal[] {
  const { fastest, median: ms } = cpu['sign-in'];
  return [
    {
      goal: `a sign-in over HTTP, options and finish: at most ${MAX_CPU} ms of CPU in the service's process`,
      measured: `${fastest.toFixed(2)} ms, fastest round (median ${ms.toFixed(2)})`,
      met: fastest <= MAX_CPU,
    },
  ];
}
