import * as z from 'zod';
import { line } from '../values/values.ts';
import { flag, fssAttributes, lookedUp, updated, updateOptions } from './values.ts';

/** The bodies of the calls about credentials in the FSS format. */

const named = { userId: lookedUp, credentialId: lookedUp };

export const getCredentialBody = z.object({ ...named, withDisabledUser: flag, withDisabledCredential: flag });

export const updateCredentialBody = z.object({
  credential: z.object({
    ...named,
    credentialName: line(200).nullish(),
    credentialAttributes: fssAttributes,
    disabled: z.boolean().nullish(),
    updated,
  }),
  options: updateOptions,
});

export const deleteCredentialBody = z.object(named);
