import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthenticationRequest, RegistrationRequest } from '../../functions/contract/ceremonies.ts';
import { CeremonyRefusedError } from '../../functions/domain/errors.ts';
import { DAY, HOUR } from '../../functions/domain/time.ts';
import type { createPasskey, SoftPasskey } from '../../test/support/fido2/authenticator.ts';
import { startCeremonies } from '../../test/support/fido2/ceremony-processes.ts';
import { costs, type Goal, type Report } from '../report.ts';
import { addCustomer, calendar, createMovedClock, createTable } from '../setting/population.ts';
import { dollars, writes, type Units } from '../units.ts';
import { ceremonyServicesOf, serverOf } from './passkey-users.ts';

/** The capacity units of single ceremonies, without the check of the API key. The keys say what happens. */
export interface CeremonyUnits {
  readonly newUser: Units;
  readonly existingUser: Units;
  /** The options of ceremonies, and the ends of sign-ins. */
  readonly others: Readonly<Record<string, Units>>;
  /** Refused sign-ins, each beside an accepted sign-in of the same user. */
  readonly refused: Readonly<Record<string, { readonly units: Units; readonly accepted: Units }>>;
}

const MAX_WRITES = { newUser: 18, existingUser: 10 } as const;
/** The maximum number of credentials of a user. */
const CREDENTIALS = 20;
/** Attributes of almost the maximum size. */
const LARGE = { attributes: { note: 'x'.repeat(2_000) } };
/** The number of sign-ins of a user within minutes, after which the user's next sign-in is measured. */
const BURST = 30;
/**
 * The number of sign-ins of a user through the browser's autofill in a day. Each of these ceremonies lasts 24 hours.
 */
const AUTOFILLS = 16;
/** The time, in milliseconds, in which the reads that a refused sign-in has begun end. */
const READS_END = 500;

/** Measures the units of registrations, of sign-ins and of refused sign-ins. */
export async function measureCeremonies(endpoint: string): Promise<CeremonyUnits> {
  const bench = await createTable(endpoint);
  const { apiKey } = await addCustomer(bench.table, 0);
  const clock = createMovedClock();
  const { table, meter } = bench.metered();
  const process = startCeremonies(ceremonyServicesOf(table, clock), await serverOf(bench.table, clock, apiKey));

  const unitsOf = async <T>(perform: () => Promise<T>): Promise<[T, Units]> => {
    meter.reset();
    return [await perform(), meter.units()];
  };
  const register = async (
    asked: Parameters<typeof process.create>[0],
    deviations?: Parameters<typeof createPasskey>[2],
    credential?: object,
  ) => {
    const [{ passkey, ended }, options] = await unitsOf(() => process.create(asked, deviations));
    const [, finish] = await unitsOf(() => process.register({ ...ended, credential }));
    return { passkey, options, finish };
  };
  const newUser = (userId: string): RegistrationRequest => ({
    userId,
    createUser: true,
    user: { userName: `Name of ${userId}` },
  });
  const signIn = async (passkey: SoftPasskey, asked?: Partial<AuthenticationRequest>) => {
    const [ended, options] = await unitsOf(() => process.use(passkey, asked));
    const [, finish] = await unitsOf(() => process.signIn(ended));
    return { options, finish, ended };
  };
  /** Measures a sign-in that is not the first one of the month, and does not follow soon after another one. */
  const laterSignIn = async (passkey: SoftPasskey) => {
    await signIn(passkey);
    clock.move(HOUR);
    return signIn(passkey);
  };
  /** Measures a sign-in that must be refused. */
  const refuse = async (refusal: string, ended: Parameters<typeof process.signIn>[0]): Promise<Units> => {
    const [error] = await unitsOf(() => process.signIn(ended).catch((thrown: unknown) => thrown));
    if (!(error instanceof CeremonyRefusedError) || error.refusal !== refusal) {
      throw new Error(`The service did not refuse the response with ${refusal}.`);
    }
    // A read that ran beside the refused write may end after the refusal.
    await sleep(READS_END);
    return meter.units();
  };
  const withOtherId = (passkey: SoftPasskey) => ({ ...passkey, credentialId: Buffer.alloc(16, 1) });

  const added = await register(newUser('user-1'));
  const second = await register({ userId: 'user-1' });
  const rsa = await register(newUser('rsa'), { algorithm: -257 });
  const longId = await register(newUser('long-id'), { credentialId: Buffer.alloc(1_023, 1) });
  const burst = await register(newUser('burst'));
  const autofill = await register(newUser('autofill'));
  let many = await register(newUser('many'), {}, LARGE);
  for (let count = 1; count < CREDENTIALS; count += 1) many = await register({ userId: 'many' }, {}, LARGE);

  clock.move(calendar.endOf(calendar.monthOf(clock.now())) - clock.now());
  const first = await signIn(added.passkey);
  clock.move(HOUR);
  const later = await signIn(added.passkey);
  const replayed = await refuse('ceremony-used', later.ended);
  const unknown = await refuse('credential-unknown', await process.use(withOtherId(added.passkey)));
  const forged = await process.use(added.passkey);
  forged.response.response.signature = later.ended.response.response.signature;
  const wrongSignature = await refuse('response-invalid', forged);
  const named = await signIn(added.passkey, { userId: 'user-1' });
  const laterOfMany = await laterSignIn(many.passkey);
  const unknownOfMany = await refuse('credential-unknown', await process.use(withOtherId(many.passkey)));
  const [laterOfRsa, laterOfLongId] = [await laterSignIn(rsa.passkey), await laterSignIn(longId.passkey)];
  for (let count = 0; count < BURST; count += 1) await signIn(burst.passkey);
  const afterBurst = await signIn(burst.passkey);
  for (let count = 0; count < AUTOFILLS; count += 1) {
    await signIn(autofill.passkey, { mediation: 'conditional' });
    clock.move(DAY / AUTOFILLS);
  }
  const afterAutofills = await signIn(autofill.passkey, { mediation: 'conditional' });
  bench.close();

  const accepted = later.finish;
  return {
    newUser: added.finish,
    existingUser: second.finish,
    others: {
      'options of a registration, new user': added.options,
      'options of a registration, existing user': second.options,
      'options of a sign-in, no user': later.options,
      'options of a sign-in, for a user': named.options,
      'first sign-in of a user in a month': first.finish,
      'later sign-in': later.finish,
      'later sign-in with an RSA key of 2,048 bits': laterOfRsa.finish,
      'later sign-in with a credential ID of 1,023 bytes': laterOfLongId.finish,
      [`later sign-in, ${CREDENTIALS} credentials with large attributes`]: laterOfMany.finish,
      [`sign-in after ${BURST} sign-ins within minutes`]: afterBurst.finish,
      [`sign-in through autofill, after ${AUTOFILLS} in a day`]: afterAutofills.finish,
    },
    refused: {
      'refused: the response was used before': { units: replayed, accepted },
      'refused: unknown credential': { units: unknown, accepted },
      'refused: wrong signature': { units: wrongSignature, accepted },
      [`refused: unknown credential, ${CREDENTIALS} credentials with large attributes`]: {
        units: unknownOfMany,
        accepted: laterOfMany.finish,
      },
    },
  };
}

/** Reports the units of single ceremonies. */
export function reportCeremonies(measured: CeremonyUnits): Report {
  const { newUser, existingUser, others, refused } = measured;
  const all = {
    'registration of a new user': newUser,
    'registration of a second credential': existingUser,
    ...others,
    ...Object.fromEntries(Object.entries(refused).map(([name, { units }]) => [name, units])),
  };
  return {
    title: 'Single ceremonies, without the check of the API key, $ a million',
    tables: [Object.fromEntries(Object.entries(all).map(([name, units]) => [name, costs(units, 1e6)]))],
    goals: judge(measured),
  };
}

/** Returns the goals about single ceremonies, and whether they are met. */
export function judge({ newUser, existingUser, refused }: Omit<CeremonyUnits, 'others'>): Goal[] {
  const shares = Object.entries(refused).map(([name, { units, accepted }]) => ({
    name,
    share: dollars(units) / dollars(accepted),
  }));
  return [
    {
      goal: `registrations: at most ${MAX_WRITES.newUser} write units for a new user, ${MAX_WRITES.existingUser} for an existing one`,
      measured: `${writes(newUser)} and ${writes(existingUser)} W`,
      met: writes(newUser) <= MAX_WRITES.newUser && writes(existingUser) <= MAX_WRITES.existingUser,
    },
    {
      goal: 'a refused sign-in costs at most as much as an accepted one',
      measured: `at most ${Math.max(...shares.map(({ share }) => share)).toFixed(2)} times as much`,
      met: shares.every(({ share }) => share <= 1),
      missedBy: shares.filter(({ share }) => share > 1).map(({ name }) => name),
    },
  ];
}
