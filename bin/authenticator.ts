import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { Argument, Command } from 'commander';
import {
  AuthenticatorEmulator,
  WebAuthnEmulator,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from 'nid-webauthn-emulator';
import * as z from 'zod';
import { filesOf } from '../local/data-dir.ts';
import { readSettings } from '../local/settings.ts';
import { readPasskeys, writePasskeys } from './authenticator/passkey-file.ts';

/** The messages for errors of the authenticator, by their names in CTAP 2.1 (section 8.2). */
const REFUSALS: Readonly<Record<string, string>> = {
  CTAP2_ERR_CREDENTIAL_EXCLUDED:
    'The authenticator already has a passkey of this user, which "excludeCredentials" lists. A browser throws InvalidStateError.',
  CTAP2_ERR_NO_CREDENTIALS:
    'The authenticator has no passkey that these options allow. A browser throws NotAllowedError. To create a passkey, use "create".',
};

/**
 * `npm run authenticator`: plays a browser with an authenticator, so that a developer can try ceremonies with `curl`.
 * The emulated authenticator protects nothing: the private keys are in a file.
 */
const program = new Command('authenticator')
  .description('Plays a browser with an authenticator: reads the options of a ceremony, and prints the response.')
  .addArgument(
    new Argument(
      '<method>',
      'the method of "navigator.credentials": "create" registers a passkey, "get" signs in',
    ).choices(['create', 'get']),
  )
  .argument('[file]', 'a file with the options as JSON (default: standard input)')
  .option('--origin <origin>', 'the origin of the page (default: https:// and the RP ID)')
  .option('--passkeys <file>', 'the file that keeps the passkeys (default: authenticator.json in DATA_DIR)')
  .parse();
const { origin, passkeys = filesOf(readSettings(process.env).DATA_DIR).authenticator } = program.opts<{
  origin?: string;
  passkeys?: string;
}>();
const [method, file] = program.processedArgs as [method: 'create' | 'get', file: string | undefined];

try {
  const options: unknown = JSON.parse(file === undefined ? await text(process.stdin) : await readFile(file, 'utf8'));
  const credentialsRepository = await readPasskeys(passkeys);
  const browser = new WebAuthnEmulator(new AuthenticatorEmulator({ credentialsRepository }));
  const response = respond(browser, options);
  // If the process dies after this write, the response is not printed. A new passkey is then in the file without being
  // registered, or the sign count has increased without a sign-in. The service accepts later responses all the same.
  await writePasskeys(passkeys, credentialsRepository);
  console.log(JSON.stringify(response));
} catch (error) {
  program.error(messageOf(error));
}

/** Returns the JSON that `PublicKeyCredential.toJSON()` returns in a browser. */
function respond(browser: WebAuthnEmulator, options: unknown): unknown {
  if (method === 'create') {
    const { rp } = z.object({ rp: z.object({ id: z.string() }) }).parse(options);
    return browser.createJSON(origin ?? `https://${rp.id}`, options as PublicKeyCredentialCreationOptionsJSON);
  }
  const { rpId } = z.object({ rpId: z.string() }).parse(options);
  return browser.getJSON(origin ?? `https://${rpId}`, options as PublicKeyCredentialRequestOptionsJSON);
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError) return `These are not the options of a ceremony. ${z.prettifyError(error)}`;
  if (!(error instanceof Error)) return String(error);
  const [name = ''] = /CTAP2_ERR_\w+/.exec(error.message) ?? [];
  return REFUSALS[name] ?? error.message;
}
