import * as z from 'zod';
import { displayName, userName } from '../users.ts';
import { flag, fssAttributes, fssUserId, lookedUp, updated, updateOptions } from './values.ts';

/** The bodies of the calls about users in the FSS format. */

const profile = {
  userId: fssUserId,
  displayName: displayName.nullish(),
  userAttributes: fssAttributes,
  disabled: z.boolean().nullish(),
};

export const getUserBody = z.object({
  userId: lookedUp,
  withDisabledUser: flag,
  withDisabledCredential: flag,
});

export const getAllUsersBody = z.object({ withDisabledUser: flag });

export const getUsersByUserNameBody = z.object({ userName: z.string().min(1), withDisabledUser: flag });

export const registerUserBody = z.object({ user: z.object({ ...profile, userName }) });

export const updateUserBody = z.object({
  user: z.object({ ...profile, userId: lookedUp, userName: userName.nullish(), updated }),
  options: updateOptions,
});

export const deleteUserBody = z.object({ userId: lookedUp });

/** The user in a call that begins a registration. */
export const registrant = z.object({ ...profile, userName: userName.nullish() });
