import {
  createOperatorSessionContract,
  requestOperatorPasskeyOptionsContract,
  requestOperatorSessionOptionsContract,
} from '../../functions/contract/operators.ts';
import { createPasskey, usePasskey, type SoftPasskey } from './fido2/authenticator.ts';
import type { TestService } from './service.ts';

/** The functions of a test service that operators need. */
type Service = Pick<TestService, 'send' | 'operate' | 'origin' | 'newEmail'>;

/** An operator who has a passkey. */
export interface TestOperator {
  readonly id: string;
  readonly email: string;
  readonly passkey: SoftPasskey;
}

/** Adds an operator with the operator's function. Returns the operator, and the token of the link. */
export async function addOperator(service: Service, email = service.newEmail()) {
  const { result, problem } = await service.operate({ command: 'add-operator', email, name: 'Olga Ota' });
  if (problem) throw new Error(`The operator was not added: ${JSON.stringify(problem)}`);
  const { id, link } = result as { id: string; link: string };
  return { id, email, link, token: tokenIn(link) };
}

/** Returns the token in a link of the command line. */
export const tokenIn = (link: string): string => link.slice(link.indexOf('#token=') + '#token='.length);

/** Creates a passkey with a link, but does not register it yet. */
export async function createOperatorPasskey(
  service: Service,
  token: string,
  deviations: Parameters<typeof createPasskey>[2] = {},
) {
  const options = await service.send('POST /v1/operator/passkeys/options', { body: { token } });
  const created = options.read(requestOperatorPasskeyOptionsContract.answer.body);
  return createPasskey(service.origin, created, deviations);
}

/** Adds an operator, who registers a passkey. */
export async function newOperator(service: Service): Promise<TestOperator> {
  const { id, email, token } = await addOperator(service);
  return { id, email, passkey: await registerOperatorPasskey(service, token) };
}

/** Registers a passkey with a link. */
export async function registerOperatorPasskey(service: Service, token: string): Promise<SoftPasskey> {
  const { passkey, response } = await createOperatorPasskey(service, token);
  const answer = await service.send('POST /v1/operator/passkeys', { body: { token, passkey: response } });
  if (answer.status !== 201) throw new Error(`The passkey was not registered: ${answer.text}`);
  return passkey;
}

/** Begins the sign-in of an operator. Returns the WebAuthn response that completes the sign-in. */
export async function operatorAnswerWith(
  service: Service,
  passkey: SoftPasskey,
  deviations: Parameters<typeof usePasskey>[3] = {},
) {
  const options = await service.send('POST /v1/operator/sessions/options');
  const requested = options.read(requestOperatorSessionOptionsContract.answer.body);
  return usePasskey(service.origin, passkey, requested, deviations);
}

/** Signs in an operator. Returns the token of the new session. */
export async function signInOperator(service: Service, passkey: SoftPasskey): Promise<string> {
  const body = { passkey: await operatorAnswerWith(service, passkey) };
  const answer = await service.send('POST /v1/operator/sessions', { body });
  return answer.read(createOperatorSessionContract.answer.body).sessionToken;
}
