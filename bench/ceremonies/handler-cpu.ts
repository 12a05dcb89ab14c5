import { build } from '../../functions/api/functions/ceremonies.ts';
import { requestAuthenticationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { relyingPartyOf } from '../../functions/domain/fido2/ceremony-rp.ts';
import { withRememberedApiKeys } from '../../functions/domain/rps/authenticate-api-key.ts';
import { HOUR } from '../../functions/domain/time.ts';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { readHandleContent } from '../../functions/table/users/credentials.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { usePasskey } from '../../test/support/fido2/authenticator.ts';
import { startCeremonies } from '../../test/support/fido2/ceremony-processes.ts';
import { whole, type Goal, type Report } from '../report.ts';
import { countingLog } from '../setting/counting-log.ts';
import { cpuTimeOf, withCpu, type CpuTime } from '../setting/cpu.ts';
import { element } from '../setting/element.ts';
import { addCustomer, createMovedClock, createTable, patientContext } from '../setting/population.ts';
import { recordedTable } from '../setting/recorded-table.ts';
import { ceremonyServicesOf, registerPasskeyUsers, serverOf } from './passkey-users.ts';

/** The parts of a sign-in whose CPU time is measured. */
const PARTS = ['options', 'finish, with its table calls', 'finish, without', 'verification alone'] as const;
type Part = (typeof PARTS)[number];

/** The bytes that a request causes: the handler's log line, and the headers and the body of the response. */
export interface RequestBytes {
  readonly log: number;
  readonly answer: number;
}
/** The CPU time of a sign-in in the process of the handler, and the bytes that its requests cause. */
export interface HandlerCosts {
  readonly cpu: Readonly<Record<Part, CpuTime>>;
  readonly bytes: { readonly options: RequestBytes; readonly finish: RequestBytes };
}

/** The goal for the CPU time that the handler adds to the table calls of an ES256 authentication, in milliseconds. */
const MAX_ADDED = 1.5;
/** The number of users who sign in once in each round. */
const USERS = 20;

/**
 * Measures the CPU time of the handler of the function `ceremonies` for unnamed sign-ins with ES256. The handler runs
 * the middy chain, parses and validates the body, builds the response and writes the log line. Each round repeats the
 * requests that finish the sign-ins, with the answers of the table that the first requests got, so that the second
 * measurement contains no table call.
 */
export async function measureHandlers(endpoint: string, rounds: number): Promise<HandlerCosts> {
  const bench = await createTable(endpoint);
  const { apiKey } = await addCustomer(bench.table, 0);
  const clock = createMovedClock();
  const caller = await serverOf(bench.table, clock, apiKey);
  const { log, written } = countingLog();
  const recorded = recordedTable(bench.table);
  const services = withRememberedApiKeys({ ...ceremonyServicesOf(recorded.table, clock), log });
  const users = await registerPasskeyUsers(startCeremonies(services, caller), USERS);
  const handler = build(services);
  const requestOf = (path: string, body: object) =>
    httpEvent(`POST /v1/rp/${path}`, { credential: apiKey, body, now: clock.now() });
  /** Handles the requests one after another, and returns the responses, the CPU time and the bytes of one request. */
  const handle = async (requests: readonly ReturnType<typeof requestOf>[]) => {
    const before = written();
    const { result, milliseconds } = await withCpu(async () => {
      const answers = [];
      for (const request of requests) answers.push(await handler(request, patientContext('ceremonies')));
      return answers;
    });
    const refused = result.find(({ statusCode }) => statusCode !== 200);
    if (refused) throw new Error(`The handler returned ${refused.statusCode} ${refused.body}.`);
    const bytes = { log: (written() - before) / requests.length, answer: bytesOf(result[0]) };
    return { answers: result, milliseconds: milliseconds / requests.length, bytes };
  };

  const took = Object.fromEntries(PARTS.map((part) => [part, [] as number[]])) as Record<Part, number[]>;
  let bytes: HandlerCosts['bytes'] | undefined;
  for (let round = 0; round < rounds; round += 1) {
    clock.move(HOUR);
    recorded.record();
    // Checks the API key, so that the process remembers it during this round.
    await handle([requestOf('authentications/options', {})]);
    const begun = await handle(users.map(() => requestOf('authentications/options', {})));
    const ends = users.map(({ passkey }, index) => {
      const { body = '' } = element(begun.answers, index);
      const { ceremony, options } = requestAuthenticationOptionsContract.answer.body.parse(JSON.parse(body));
      const response = usePasskey(`https://${caller.rp.rpId}`, passkey, options);
      return { ceremony, options, response };
    });
    const requests = ends.map(({ ceremony, response }) => requestOf('authentications', { ceremony, response }));
    recorded.record();
    const finished = await handle(requests);
    recorded.replay();
    const repeated = await handle(requests);
    recorded.record();
    const { credentials } = await readHandleContent(
      bench.table,
      caller.rpRef,
      element(users, 0).passkey.userHandle,
      'strong',
    );
    const { publicKey } = element(credentials, 0);
    const { response, options } = element(ends, 0);
    const verified = await withCpu(async () => {
      for (let count = 0; count < USERS; count += 1) {
        const { refusal } = await verifyAuthentication(
          relyingPartyOf(caller, response.response),
          { challenge: options.challenge, userVerification: options.userVerification },
          { id: response.id, publicKey },
          response,
        );
        if (refusal) throw new Error(refusal.reason);
      }
    });
    took.options.push(begun.milliseconds);
    took['finish, with its table calls'].push(finished.milliseconds);
    took['finish, without'].push(repeated.milliseconds);
    took['verification alone'].push(verified.milliseconds / USERS);
    bytes = { options: begun.bytes, finish: finished.bytes };
  }
  bench.close();
  if (!bytes) throw new Error('Nothing was measured.');
  const cpu = Object.fromEntries(PARTS.map((part) => [part, cpuTimeOf(took[part])]));
  return { cpu: cpu as HandlerCosts['cpu'], bytes };
}

/** Returns the bytes of the headers and the body of a response. */
const bytesOf = ({ headers, body = '' }: { headers?: object; body?: string } = {}): number =>
  Object.entries(headers ?? {}).reduce((sum, [name, value]) => sum + `${name}: ${String(value)}\r\n`.length, 0) +
  Buffer.byteLength(body);

/** Reports the CPU time and the bytes of the handlers of a sign-in. */
export function reportHandlers(measured: HandlerCosts): Report {
  const { cpu, bytes } = measured;
  return {
    title: 'Handlers of an unnamed sign-in with ES256, CPU time in ms in the process of the handler',
    tables: [cpu as unknown as Record<string, Record<string, number>>],
    notes: [
      `The handlers log ${whole(bytes.options.log)} bytes for the options and ${whole(bytes.finish.log)} at the end. The responses have`,
      `${whole(bytes.options.answer)} and ${whole(bytes.finish.answer)} bytes of headers and body.`,
    ],
    goals: judge(measured),
  };
}

/** Returns the goal about the handler's CPU time, and whether it is met. */
export function judge({ cpu }: { readonly cpu: Pick<HandlerCosts['cpu'], 'finish, without'> }): Goal[] {
  const { fastest, median } = cpu['finish, without'];
  return [
    {
      goal: `an ES256 authentication: the handler adds at most ${MAX_ADDED} ms of CPU to the table calls, verification included`,
      measured: `${fastest.toFixed(2)} ms, fastest round (median ${median.toFixed(2)})`,
      met: fastest <= MAX_ADDED,
    },
  ];
}
