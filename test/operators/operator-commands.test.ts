import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { runOperator } from '../support/operator-command-line.ts';
import {
  addOperator,
  newOperator,
  operatorAnswerWith,
  registerOperatorPasskey,
  signInOperator,
  tokenIn,
} from '../support/operators.ts';
import { startTestService, type TestService } from '../support/service.ts';

describe('the commands about operators', { timeout: 30_000 }, () => {
  let service: TestService;
  const operators = (...args: string[]) => runOperator(['operators', ...args], new URL(service.url).port);
  const statusOf = async (as: string) => (await service.send('GET /v1/operator/sessions/current', { as })).status;
  const linkIn = (text: string) => /^ {2}(http\S+)$/m.exec(text)?.[1] ?? '';
  const optionsFor = async (token: string) =>
    (await service.send('POST /v1/operator/passkeys/options', { body: { token } })).status;

  beforeAll(async () => {
    service = await startTestService();
  }, 30_000);
  afterAll(() => service.stop());

  it('say that nobody can sign in, add a person with a link, and list the person before and after the sign-in', async () => {
    expect((await operators('list')).stdout).toContain('Nobody can sign in');
    const added = await operators('add', ' Olga@Example.COM', '--name', 'Olga Ota');
    expect(added).toMatchObject({ exitCode: 0, stderr: '' });
    expect(added.stdout).toMatch(
      /^Olga Ota <olga@example\.com> registers a passkey with this link, once, before \S+Z:\n/,
    );
    const link = linkIn(added.stdout);
    expect(link).toMatch(new RegExp(`^${service.origin}/operator/register#token=opl_[\\w-]{43}$`));
    expect((await operators('list')).stdout).toMatch(/^olga@example\.com +none yet +- +\S+Z +\S+@\S+ +Olga Ota$/m);

    const passkey = await registerOperatorPasskey(service, tokenIn(link));
    expect((await operators('list')).stdout).toMatch(/^olga@example\.com +registered +- +\S+Z /m);
    const session = await signInOperator(service, passkey);
    expect(await statusOf(session)).toBe(200);
    expect((await operators('list')).stdout).toMatch(/^olga@example\.com +registered +\S+Z +\S+Z /m);
    const json = await operators('list', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      items: [{ email: 'olga@example.com', name: 'Olga Ota', passkey: { lastUsedAt: expect.any(String) as string } }],
    });
  });

  it('send no e-mail', async () => {
    const { email } = await addOperator(service);
    await operators('link', email);
    await operators('remove', email);
    expect(await service.mailsTo(email)).toEqual([]);
  });

  it('refuse a second operator with the same address, and an address that no operator has', async () => {
    const { email } = await addOperator(service);
    const again = await operators('add', email, '--name', 'Another');
    expect([again.exitCode, again.stdout]).toEqual([1, '']);
    expect(again.stderr).toContain(`There is an operator ${email} already.`);
    for (const command of ['link', 'remove']) {
      const refused = await operators(command, 'nobody@example.com');
      expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('There is no operator nobody@example.com.');
    }
  });

  it('refuse an invalid address and an empty name', async () => {
    expect((await operators('add', 'olga', '--name', 'Olga')).stderr).toContain('<email>: Must be an e-mail address');
    expect((await operators('add', 'olga@example.com', '--name', ' ')).stderr).toMatch(/--name: Must/);
    expect((await operators('add', 'olga@example.com')).stderr).toContain("required option '--name <name>'");
  });

  it('end the sessions and the passkey of a removed operator at once, and those of nobody else', async () => {
    const [gone, stays] = [await newOperator(service), await newOperator(service)];
    const [session, other] = [
      await signInOperator(service, gone.passkey),
      await signInOperator(service, stays.passkey),
    ];
    const answer = await operatorAnswerWith(service, gone.passkey);

    expect((await operators('remove', gone.email)).stdout).toContain(`Removed Olga Ota <${gone.email}>.`);

    expect(await statusOf(session)).toBe(401);
    expect((await service.send('POST /v1/operator/sessions', { body: { passkey: answer } })).status).toBe(401);
    expect(await statusOf(other)).toBe(200);
    const left = JSON.stringify((await service.dump()).filter(({ pk }) => !String(pk).includes('SESSION')));
    expect(left).not.toContain(gone.id);
    // The same person gets nothing back with a new entry in the list.
    await addOperator(service, gone.email);
    expect(await statusOf(session)).toBe(401);
  });

  it('make the link of a removed operator useless', async () => {
    const { email, token } = await addOperator(service);
    expect(await optionsFor(token)).toBe(200);
    await operators('remove', email);
    expect(await optionsFor(token)).toBe(401);
    await addOperator(service, email);
    expect(await optionsFor(token)).toBe(401);
  });

  it('replace the passkey, the sessions and the earlier link of an operator with a new link', async () => {
    const { email, passkey } = await newOperator(service);
    const session = await signInOperator(service, passkey);
    const first = tokenIn(linkIn((await operators('link', email)).stdout));

    expect(await statusOf(session)).toBe(401);
    const body = { passkey: await operatorAnswerWith(service, passkey) };
    expect((await service.send('POST /v1/operator/sessions', { body })).status).toBe(401);
    expect((await operators('list')).stdout).toMatch(new RegExp(`^${email} +none yet`, 'm'));

    const second = tokenIn(linkIn((await operators('link', email)).stdout));
    expect([await optionsFor(first), await optionsFor(second)]).toEqual([401, 200]);
    const renewed = await registerOperatorPasskey(service, second);
    expect(await statusOf(await signInOperator(service, renewed))).toBe(200);
  });

  it('create links that work once, within an hour', async () => {
    const { token } = await addOperator(service);
    await registerOperatorPasskey(service, token);
    expect(await optionsFor(token)).toBe(401);
    const late = await addOperator(service);
    await service.pass(HOUR - MINUTE);
    expect(await optionsFor(late.token)).toBe(200);
    await service.pass(2 * MINUTE);
    expect(await optionsFor(late.token)).toBe(401);
  });

  it('log each change with the person who ran the command, and no token', async () => {
    const { id, email, token } = await addOperator(service);
    await service.operate({ command: 'link-operator', email });
    await service.operate({ command: 'remove-operator', email });
    const changes = service.logged.filter(
      ({ message, fields }) => message === 'change' && JSON.stringify(fields).includes(id),
    );
    expect(changes.map(({ fields }) => fields)).toMatchObject([
      { actor: { operator: 'olga' }, what: 'operator', before: null, after: { operatorId: id, email } },
      { actor: { operator: 'olga' }, what: 'operator-link', before: { generation: 1 }, after: { generation: 2 } },
      { actor: { operator: 'olga' }, what: 'operator', before: { operatorId: id, email }, after: null },
    ]);
    expect(service.loggedText()).not.toContain(token);
  });

  it('allow at most 50 operators', async () => {
    const { result } = await service.operate({ command: 'list-operators' });
    const { length } = (result as { items: unknown[] }).items;
    for (let count = length; count < 50; count += 1) await addOperator(service);
    const refused = await operators('add', 'one-too-many@example.com', '--name', 'One');
    expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
    expect(refused.stderr).toContain('There are 50 operators, which is the maximum.');
    expect((await operators('list')).stdout.trim().split('\n')).toHaveLength(51);
  });
});
