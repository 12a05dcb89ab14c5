import { HOUR } from '../../functions/domain/time.ts';
import { readHandleContent } from '../../functions/table/users/credentials.ts';
import { usePasskey } from '../../test/support/fido2/authenticator.ts';
import { startCeremonies } from '../../test/support/fido2/ceremony-processes.ts';
import { OPERATIONS_A_USER } from '../operations/schedule.ts';
import { addCustomer, calendar, createMovedClock, createTable } from '../setting/population.ts';
import { dollars, NO_UNITS, sum, times, type Units } from '../units.ts';
import type { SignInDesign } from './designs/design.ts';
import { ceremonyServicesOf, registerPasskeyUsers, serverOf } from './passkey-users.ts';

/** The capacity units of a design's sign-ins, and the number of rounds of table calls that one sign-in takes. */
export interface MeasuredSignIns {
  readonly design: SignInDesign;
  readonly signIns: number;
  /** The units of all requests for options together, and of all requests that finish a sign-in. */
  readonly options: Units;
  readonly finish: Units;
  /** The largest number of rounds of each kind of request. `first` is a user's first sign-in of the month. */
  readonly rounds: { readonly options: number; readonly first: number; readonly later: number };
}

/** Twenty sign-ins with this distance spread over a month. So an earlier sign-in does not affect a later one. */
const BETWEEN_SIGN_INS = 36 * HOUR;

/**
 * Measures a month of sign-ins with a design: each of `users` users signs in 20 times. The users registered their
 * passkeys in the month before. Throws when the table does not contain the last sign-in of each user.
 */
export async function measureSignIns(endpoint: string, design: SignInDesign, users: number): Promise<MeasuredSignIns> {
  const bench = await createTable(endpoint);
  const { apiKey } = await addCustomer(bench.table, 0);
  const clock = createMovedClock();
  const caller = await serverOf(bench.table, clock, apiKey);
  const registered = await registerPasskeyUsers(startCeremonies(ceremonyServicesOf(bench.table, clock), caller), users);
  clock.move(calendar.endOf(calendar.monthOf(clock.now())) - clock.now());
  const { table, meter } = bench.metered();
  const process = design.startProcess(ceremonyServicesOf(table, clock), caller);

  let [options, finish] = [NO_UNITS, NO_UNITS];
  const rounds = { options: 0, first: 0, later: 0 };
  for (let index = 0; index < OPERATIONS_A_USER; index += 1) {
    for (const { userId, passkey } of registered) {
      meter.reset();
      const begun = await process.begin(userId);
      options = sum(options, meter.units());
      rounds.options = Math.max(rounds.options, meter.rounds());
      const response = usePasskey(`https://${caller.rp.rpId}`, passkey, begun.options);
      meter.reset();
      await process.finish(begun, response);
      finish = sum(finish, meter.units());
      const kind = index === 0 ? 'first' : 'later';
      rounds[kind] = Math.max(rounds[kind], meter.rounds());
    }
    if (index < OPERATIONS_A_USER - 1) clock.move(BETWEEN_SIGN_INS);
  }

  for (const { userId, passkey } of registered) {
    const { credentials } = await readHandleContent(bench.table, caller.rpRef, passkey.userHandle, 'strong');
    if (credentials[0]?.lastUsedAt !== clock.now()) throw new Error(`${design.name} lost a sign-in of ${userId}.`);
  }
  bench.close();
  return { design, signIns: OPERATIONS_A_USER * users, options, finish, rounds };
}

/** Returns the units of a sign-in with a design: the average of a user's first and later sign-ins of the month. */
export const unitsOfSignIn = ({ options, finish, signIns }: Pick<MeasuredSignIns, 'options' | 'finish' | 'signIns'>) =>
  times(sum(options, finish), 1 / signIns);

/** Returns the price of the units of a million sign-ins, in dollars. */
export const dollarsAMillionSignIns = (measured: Pick<MeasuredSignIns, 'options' | 'finish' | 'signIns'>): number =>
  dollars(unitsOfSignIn(measured)) * 1e6;
