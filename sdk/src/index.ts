export {
  createFido2Client,
  type CallOptions,
  type EditOptions,
  type EndOptions,
  type Fido2Client,
  type Fido2ClientOptions,
} from './fido2-client.ts';
export type { AuthenticationToBegin, BegunAuthentication } from './begin-authentication.ts';
export { Fido2ConnectionError } from './fido2-connection-error.ts';
export { Fido2Problem, type ProblemCode } from './fido2-problem.ts';
export type { Fetch } from './retrying-fetch.ts';
export type {
  AuthenticationOptions,
  AuthenticationResponse,
  Credential,
  ExportItem,
  FieldError,
  FieldErrorCode,
  ImportItem,
  OwnRp,
  Problem,
  RegistrationOptions,
  RegistrationResponse,
  RpSettings,
  Signals,
  User,
} from './generated/types.gen.ts';
