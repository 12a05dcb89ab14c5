import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticationOptions, RegistrationOptions } from '../../functions/contract/ceremonies.ts';
import { filledSnippet } from '../../web/src/rps/integrate/filled-snippet.ts';
import { childEnvironment } from '../support/child-processes.ts';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { newFssKey, type TestFssKey } from '../support/fss-client.ts';
import { startTestService, type TestService } from '../support/service.ts';

const FOLDER = 'web/src/rps/integrate/snippets';

let service: TestService;
let rp: TestRp;
let key: TestFssKey;
let folder: string;
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
  key = await newFssKey(service, rp.owner.session, { id: rp.rpRef, rpId: rp.rpId }, 'access-key');
  folder = mkdtempSync(join(tmpdir(), 'snippets-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await service.stop();
});

const snippetOf = (file: string) =>
  filledSnippet(readFileSync(join(FOLDER, file), 'utf8'), {
    BASE_URL: service.origin,
    RP_ID: rp.rpId,
    API_KEY: rp.apiKey,
    API_AUTH_ID: key.apiAuthId,
    SECRET_KEY: key.secretKey,
  });

/** Runs a program with a text as its standard input, and returns what it prints. Throws if the program fails. */
async function run(program: string, args: readonly string[], input: string, call: readonly unknown[]): Promise<string> {
  const env = childEnvironment({ CALL: JSON.stringify(call) });
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [printed, failed] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  if (child.exitCode !== 0) throw new Error(`${program} failed: ${printed} ${failed}`);
  return printed;
}

/** A ceremony that a snippet has begun. */
interface Begun<Options> {
  readonly ceremony: string;
  readonly options: Options;
}
type Call = readonly [name: string, ...values: unknown[]];
interface Language {
  readonly file: string;
  /** The program that runs the snippet. */
  readonly program: string;
  /** Calls a function of the snippet, and returns its result. */
  readonly perform: (...call: Call) => Promise<unknown>;
}

/** Calls an exported function of a snippet for Node. */
const onNode =
  (file: string) =>
  async (...call: Call): Promise<unknown> => {
    const driver = `
const [name, ...values] = JSON.parse(process.env.CALL);
console.log(JSON.stringify(await ({ beginSignUp, endSignUp, beginSignIn, endSignIn })[name](...values)));`;
    return JSON.parse(await run(process.execPath, ['--input-type=module'], snippetOf(file) + driver, call));
  };

const inWords = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Returns the user ID in the response of the API. */
const userIn = (json: string) => {
  const parsed = JSON.parse(json) as { user?: { userId: string } };
  return parsed.user?.userId ?? parsed;
};
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const languages: readonly Language[] = [
  {
    file: 'curl.sh',
    program: 'curl',
    async perform(name, ...values) {
      // The last line begins a sign-in, to show something.
      const script = snippetOf('curl.sh').replace(/begin_sign_in\n$/, '"$@"\n');
      return userIn(await run('bash', ['-s', '-', inWords(name), ...values.map(textOf)], script, []));
    },
  },
  { file: 'node-sdk.js', program: process.execPath, perform: onNode('node-sdk.js') },
  { file: 'node-fss.js', program: process.execPath, perform: onNode('node-fss.js') },
  {
    file: 'python.py',
    program: 'python3',
    async perform(name, ...values) {
      const driver = `
import os
name, *values = json.loads(os.environ["CALL"])
print(json.dumps(globals()[name](*values)))`;
      return JSON.parse(
        await run('python3', ['-'], snippetOf('python.py') + driver, [inWords(name), ...values]),
      ) as unknown;
    },
  },
  {
    file: 'php.php',
    program: 'php',
    async perform(name, ...values) {
      const driver = `
[$name, $values] = json_decode(getenv('CALL'));
echo json_encode($name(...$values));`;
      return JSON.parse(await run('php', [], snippetOf('php.php') + driver, [inWords(name), values])) as unknown;
    },
  },
  {
    file: 'java.java',
    program: 'java',
    async perform(name, ...values) {
      const parameters = values.map(() => 'String.class, ').join('');
      const driver = `class Driver {
    public static void main(String[] values) throws Exception {
        var types = new Class[] { ${parameters}};
        System.out.println(Passkeys.class.getDeclaredMethod("${name}", types).invoke(new Passkeys(), (Object[]) values));
    }
}
`;
      const file = join(folder, 'Driver.java');
      // Java runs the first class of a file.
      writeFileSync(file, snippetOf('java.java').replace('/**', `${driver}/**`));
      return userIn(await run('java', ['-XX:TieredStopAtLevel=1', file, ...values.map(textOf)], '', []));
    },
  },
];

const isInstalled = (program: string) => spawnSync(program, ['--version']).error === undefined;

describe('the snippets of the tab Integrate', () => {
  it('are all in the list of this test, except the one for the page', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(['page.js', ...languages.map(({ file }) => file)].sort());
  });

  it.for(languages.map((language, index) => ({ ...language, index })))(
    'register a user and sign the user in: $file',
    async ({ file, program, perform, index }, { skip }) => {
      // The program is on the machines of developers who use the language. Without it, the snippet cannot run.
      if (!isInstalled(program)) skip(`There is no ${program}.`);
      // Shell and Java have no JSON library, so their snippets take no name.
      const names = ['curl.sh', 'java.java'].includes(file) ? [] : [`User "${index}"`];
      const signUp = (await perform('beginSignUp', ...names)) as Begun<RegistrationOptions>;
      // The passkey can sign in without a user name, as the only factor.
      const asked = { residentKey: 'required', userVerification: 'required' };
      expect(signUp.options.authenticatorSelection).toMatchObject(asked);
      if (names[0] !== undefined) expect(signUp.options.user.name).toBe(names[0]);
      const { passkey, response } = createPasskey(rp.origin, signUp.options);
      const userId = await perform('endSignUp', signUp.ceremony, response);
      // The snippet chose a random ID.
      expect(userId).toMatch(/^[\w-]{32,43}$/);

      const signIn = (await perform('beginSignIn')) as Begun<AuthenticationOptions>;
      expect(signIn.options).toMatchObject({ userVerification: 'required' });
      const used = usePasskey(rp.origin, passkey, signIn.options);
      expect(await perform('endSignIn', signIn.ceremony, used)).toBe(userId);
      await expect(perform('endSignIn', signIn.ceremony, used)).rejects.toThrow(/ceremony-used|409|used already/);
    },
  );

  it('begin a sign-in if somebody runs the one for curl as it is', async () => {
    expect(JSON.parse(await run('bash', ['-s'], snippetOf('curl.sh'), []))).toHaveProperty('options.challenge');
  });
});
