import { beforeEach, describe, expect, it } from 'vitest';
import { InvalidInputError, UnauthenticatedError } from '../../functions/domain/errors.ts';
import { addOperatorPasskey } from '../../functions/domain/operators/add-operator-passkey.ts';
import { addOperator } from '../../functions/domain/operators/add-operator.ts';
import { authenticateOperator } from '../../functions/domain/operators/authenticate-operator.ts';
import { createOperatorSession } from '../../functions/domain/operators/create-operator-session.ts';
import { linkOperator } from '../../functions/domain/operators/link-operator.ts';
import { listOperators } from '../../functions/domain/operators/list-operators.ts';
import { removeOperator } from '../../functions/domain/operators/remove-operator.ts';
import { requestOperatorPasskeyOptions } from '../../functions/domain/operators/request-operator-passkey-options.ts';
import { requestOperatorSessionOptions } from '../../functions/domain/operators/request-operator-session-options.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { createPasskey, usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { tokenIn } from '../support/operators.ts';
import { anotherClient, behindReplica, dyingAt, InjectedFault, measure, meanwhile } from '../support/table-faults.ts';

const EMAIL = 'olga@example.com';
let metering: Metering;
let services: Metering['services'];
let token: string;

beforeEach(async () => {
  metering = await openMetering();
  ({ services } = metering);
  token = tokenIn((await addOperator(services, 'otto', { email: EMAIL, name: 'Olga Ota' })).link);
});

const during = (happen: () => Promise<unknown>) => ({ ...services, table: meanwhile(services.table, happen) });
const dying = (when: 'before' | 'after') => ({ ...services, table: dyingAt(services.table, 1, when) });
const create = async (of = token) =>
  createPasskey(services.consoleUrl, await requestOperatorPasskeyOptions(services, of));
async function register(of = token): Promise<SoftPasskey> {
  const { passkey, response } = await create(of);
  await addOperatorPasskey(services, { token: of, passkey: response });
  return passkey;
}
const answerWith = async (passkey: SoftPasskey) =>
  usePasskey(services.consoleUrl, passkey, await requestOperatorSessionOptions(services));
const signIn = (on: typeof services, response: Awaited<ReturnType<typeof answerWith>>) =>
  createOperatorSession(on, response, '192.0.2.1');
const link = () => linkOperator(services, 'otto', EMAIL);
const remove = () => removeOperator(services, 'otto', EMAIL);
const listed = async () => (await listOperators(services)).items;
const itemsOf = async (kind: string) => (await metering.dump()).filter(({ pk }) => String(pk).startsWith(`${kind}#`));

describe('registering a passkey', () => {
  it.each([
    ['the operator is removed', remove],
    ['the operator gets a new link', link],
  ])('fails and stores no passkey when %s at the same time', async (_, happen) => {
    const { response } = await create();
    await expect(addOperatorPasskey(during(happen), { token, passkey: response })).rejects.toThrow(
      UnauthenticatedError,
    );
    expect(await itemsOf('OPERATOR')).toEqual([]);
  });

  it('stores only one of two passkeys that use the link at the same time', async () => {
    const [one, other] = [await create(), await create()];
    const happen = () => addOperatorPasskey(services, { token, passkey: other.response });
    await expect(addOperatorPasskey(during(happen), { token, passkey: one.response })).rejects.toThrow(
      UnauthenticatedError,
    );
    await expect(signIn(services, await answerWith(one.passkey))).rejects.toThrow(UnauthenticatedError);
    expect((await signIn(services, await answerWith(other.passkey))).operator.email).toBe(EMAIL);
  });

  it('changes nothing if the process dies before the write, and is done if it dies after the write', async () => {
    const { passkey, response } = await create();
    const before = await metering.dump();
    await expect(addOperatorPasskey(dying('before'), { token, passkey: response })).rejects.toThrow(InjectedFault);
    expect(await metering.dump()).toEqual(before);
    await expect(addOperatorPasskey(dying('after'), { token, passkey: response })).rejects.toThrow(InjectedFault);
    expect((await signIn(services, await answerWith(passkey))).operator.email).toBe(EMAIL);
    await expect(addOperatorPasskey(services, { token, passkey: response })).rejects.toThrow(UnauthenticatedError);
  });

  it('is refused with the challenge of a sign-in', async () => {
    const { challenge } = await requestOperatorSessionOptions(services);
    const options = await requestOperatorPasskeyOptions(services, token);
    const { response } = createPasskey(services.consoleUrl, { ...options, challenge });
    await expect(addOperatorPasskey(services, { token, passkey: response })).rejects.toThrow(InvalidInputError);
  });
});

describe('signing in', () => {
  it.each([
    ['the operator is removed', remove],
    ['the operator gets a new link', link],
  ])('fails and opens no session when %s at the same time', async (_, happen) => {
    const response = await answerWith(await register());
    await expect(signIn(during(happen), response)).rejects.toThrow(UnauthenticatedError);
    expect(await itemsOf('OPERATOR-SESSION')).toEqual([]);
  });

  it('opens one session when two requests use the challenge at the same time', async () => {
    const response = await answerWith(await register());
    await expect(
      signIn(
        during(() => signIn(services, response)),
        response,
      ),
    ).rejects.toThrow(UnauthenticatedError);
    expect(await itemsOf('OPERATOR-SESSION')).toHaveLength(1);
  });

  it('fails with a copy of the passkey, whose sign count does not grow', async () => {
    const { passkey, response } = createPasskey(
      services.consoleUrl,
      await requestOperatorPasskeyOptions(services, token),
      { signCount: 5 },
    );
    await addOperatorPasskey(services, { token, passkey: response });
    const copy = { ...passkey };
    expect((await signIn(services, await answerWith(passkey))).operator.email).toBe(EMAIL);
    await expect(signIn(services, await answerWith(copy))).rejects.toThrow(UnauthenticatedError);
  });

  it('changes nothing if the process dies before the write', async () => {
    const response = await answerWith(await register());
    const before = await metering.dump();
    await expect(signIn(dying('before'), response)).rejects.toThrow(InjectedFault);
    expect(await metering.dump()).toEqual(before);
    expect((await signIn(services, response)).operator.email).toBe(EMAIL);
  });
});

describe('the commands', () => {
  it('change nothing if the process dies before the write, and are done if it dies after the write', async () => {
    const added = { email: 'otto@example.com', name: 'Otto Oda' };
    const before = await metering.dump();
    await expect(addOperator(dying('before'), 'otto', added)).rejects.toThrow(InjectedFault);
    await expect(linkOperator(dying('before'), 'otto', EMAIL)).rejects.toThrow(InjectedFault);
    await expect(removeOperator(dying('before'), 'otto', EMAIL)).rejects.toThrow(InjectedFault);
    expect(await metering.dump()).toEqual(before);

    await expect(addOperator(dying('after'), 'otto', added)).rejects.toThrow(InjectedFault);
    // The link is lost, and a new one replaces it.
    const again = tokenIn((await linkOperator(services, 'otto', added.email)).link);
    expect((await signIn(services, await answerWith(await register(again)))).operator.email).toBe(added.email);
    await expect(linkOperator(dying('after'), 'otto', EMAIL)).rejects.toThrow(InjectedFault);
    await expect(requestOperatorPasskeyOptions(services, token)).rejects.toThrow(UnauthenticatedError);
    await expect(removeOperator(dying('after'), 'otto', EMAIL)).rejects.toThrow(InjectedFault);
    expect((await listed()).map(({ email }) => email)).toEqual([added.email]);
  });

  it('add one operator when two commands add the same address at the same time', async () => {
    const added = { email: 'otto@example.com', name: 'Otto Oda' };
    const happen = () => addOperator(services, 'olga', { ...added, name: 'First' });
    await expect(addOperator(during(happen), 'otto', added)).rejects.toThrow('There is an operator');
    expect((await listed()).map(({ name }) => name)).toEqual(['Olga Ota', 'First']);
    expect(await itemsOf('OPERATOR-LINK')).toHaveLength(2);
  });

  it('leave one working link when two commands create links at the same time', async () => {
    let other = '';
    const last = await linkOperator(
      during(async () => (other = tokenIn((await link()).link))),
      'otto',
      EMAIL,
    );
    await expect(requestOperatorPasskeyOptions(services, other)).rejects.toThrow(UnauthenticatedError);
    expect((await create(tokenIn(last.link))).passkey.rpId).toBe(new URL(services.consoleUrl).hostname);
  });

  it('remove an operator who gets a link or registers a passkey at the same time', async () => {
    const { response } = await create();
    await removeOperator(
      during(() => addOperatorPasskey(services, { token, passkey: response })),
      'otto',
      EMAIL,
    );
    expect(await listed()).toEqual([]);
    expect(await itemsOf('OPERATOR')).toEqual([]);
    await addOperator(services, 'otto', { email: EMAIL, name: 'Olga Ota' });
    await removeOperator(during(link), 'otto', EMAIL);
    expect(await listed()).toEqual([]);
  });
});

describe('authenticating', () => {
  it('costs two read units, and a write unit 5 minutes after the last one', async () => {
    const { sessionToken } = await signIn(services, await answerWith(await register()));
    const table = anotherClient(services.table);
    const units = measure(table);
    await authenticateOperator({ ...services, table }, sessionToken);
    expect(units).toMatchObject({ read: 2, write: 0 });
    metering.clock.time += 5 * MINUTE;
    await authenticateOperator({ ...services, table }, sessionToken);
    expect(units).toMatchObject({ read: 4, write: 1 });
  });

  it('is refused for a session that another process has just ended', async () => {
    const { sessionToken } = await signIn(services, await answerWith(await register()));
    const behind = { ...services, table: behindReplica(anotherClient(services.table)) };
    expect((await authenticateOperator(behind, sessionToken)).operator.email).toBe(EMAIL);
    await link();
    await expect(authenticateOperator(behind, sessionToken)).rejects.toThrow(UnauthenticatedError);
  });
});
