import { deleteCredential } from './credentials/delete-credential.ts';
import { deleteUser } from './users/delete-user.ts';
import { finishAuthentication } from './ceremonies/finish-authentication.ts';
import type { FssCall } from './fss-call.ts';
import { withFssErrors } from './fss-errors.ts';
import { getCredential } from './credentials/get-credential.ts';
import { getUser } from './users/get-user.ts';
import { getAllUsers, getUsersByUserName } from './users/get-users.ts';
import { registerUser } from './users/register-user.ts';
import { startAuthentication } from './ceremonies/start-authentication.ts';
import { updateCredential } from './credentials/update-credential.ts';
import { updateUser } from './users/update-user.ts';

// A process loads the code of registrations, which is large, when the first registration needs it.
const startRegistration: FssCall = async (...args) =>
  (await import('./ceremonies/start-registration.ts')).startRegistration(...args);
const verifyRegistration: FssCall = async (...args) =>
  (await import('./ceremonies/end-registration.ts')).verifyRegistration(...args);
const finishRegistration: FssCall = async (...args) =>
  (await import('./ceremonies/end-registration.ts')).finishRegistration(...args);

const calls: Readonly<Record<string, FssCall>> = {
  getUser,
  getAllUsers,
  getUsersByUserName,
  registerUser,
  updateUser,
  deleteUser,
  getCredential,
  updateCredential,
  deleteCredential,
  'registerCredential/start': startRegistration,
  'registerCredential/verify': verifyRegistration,
  'registerCredential/finish': finishRegistration,
  'authenticate/start': startAuthentication,
  'authenticate/finish': finishAuthentication,
};

/** The calls of the FSS format, by name. The name is the part of the path after `/api/`. */
export const fssCalls: Readonly<Record<string, FssCall>> = Object.assign(
  // Without a prototype, so that a caller's name such as `constructor` finds nothing.
  Object.create(null) as object,
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, withFssErrors(call)])),
);
