import { deleteCredential } from './delete-credential.ts';
import { deleteUser } from './delete-user.ts';
import type { FssCall } from './fss-call.ts';
import { withFssErrors } from './fss-errors.ts';
import { getCredential } from './get-credential.ts';
import { getUser } from './get-user.ts';
import { getAllUsers, getUsersByUserName } from './get-users.ts';
import { registerUser } from './register-user.ts';
import { updateCredential } from './update-credential.ts';
import { updateUser } from './update-user.ts';

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
};

/** The calls of the FSS format, by name. The name is the part of the path after `/api/`. */
export const fssCalls: Readonly<Record<string, FssCall>> = Object.assign(
  // Without a prototype, so that a caller's name such as `constructor` finds nothing.
  Object.create(null) as object,
  Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, withFssErrors(call)])),
);
