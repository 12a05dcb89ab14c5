import * as z from 'zod';
import type { Contract } from './contract.ts';
import { listOf, page } from './values/pages.ts';
import { emailAddress, mailAccepted, mailSettings, newMailSettings } from './values/mail-values.ts';
import { givenId, hasSome, personName, time } from './values/values.ts';

const privilege = z.enum(['administrator', 'privileged']).meta({
  description:
    'A privileged administrator may do everything that an administrator may do, and may edit the customer and its administrators',
});

export const administrator = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    privilege,
    status: z.enum(['provisional', 'active']),
    representative: z.boolean(),
    hasPasskey: z.boolean().optional().meta({
      description:
        'Whether the administrator has registered a passkey. Only privileged administrators see this field of other administrators',
    }),
    createdAt: time,
    recoveryHoldUntil: time.nullable().meta({
      description:
        'The end of the recovery hold, or null without a hold. The hold begins when a recovery link adds a passkey, and lasts 24 hours. Until it ends, a privileged administrator can undo the recovery. During the hold, the administrator gets the problem `recovery-hold` for requests that unsubscribe, change the representative or their own e-mail address, confirm a new e-mail address, invite an administrator, change a privilege, remove a privileged administrator, add or remove a passkey, create an API key, or remove an RP. `DELETE /v1/sessions` also returns this problem, unless the session began before the recovery or with an older passkey',
    }),
    invitationExpiresAt: time
      .nullable()
      .meta({ description: 'When the invitation expires or has expired. Null for an active administrator' }),
  })
  .meta({ id: 'Administrator' });
export type AdministratorView = z.output<typeof administrator>;

const params = z.strictObject({ id: givenId('adm') });

export const listAdministratorsContract = {
  summary: 'List the administrators',
  query: page,
  answer: { status: 200, description: 'A page of at most 40 administrators', body: listOf(administrator) },
} as const satisfies Contract;

export const addAdministratorContract = {
  summary:
    'Add an administrator and send an activation link. You must have signed in within the last 5 minutes, unless you have no passkey and the new administrator is not privileged',
  body: z.strictObject({ name: personName, email: emailAddress, privilege }),
  answer: {
    status: 201,
    description:
      'The administrator, who is provisional until the activation link is used. The invitation expires after 7 days. The response is the same whether the e-mail address belongs to an administrator of another customer or not. If it does, the owner of the address gets an e-mail that says why they cannot join',
    body: administrator,
  },
} as const satisfies Contract;

export const editAdministratorContract = {
  summary:
    "Edit an administrator's name or privilege. To change the privilege, you must have signed in within the last 5 minutes",
  params,
  body: z
    .strictObject({ name: personName, privilege })
    .partial()
    .refine(...hasSome('name', 'privilege')),
  answer: { status: 200, description: 'The administrator', body: administrator },
} as const satisfies Contract;

export const removeAdministratorContract = {
  summary:
    'Remove an administrator. All sessions of the administrator end at once. To remove a privileged administrator, you must have signed in within the last 5 minutes',
  params,
  answer: { status: 204, description: 'Removed' },
} as const satisfies Contract;

export const sendActivationLinkContract = {
  summary:
    'Send the activation link of a provisional administrator again. The invitation then expires 7 days after this request. You must have signed in within the last 5 minutes, unless you have no passkey and the invited administrator is not privileged',
  params,
  answer: { status: 202, description: 'Accepted. The response does not wait for the e-mail', body: mailAccepted },
} as const satisfies Contract;

export const undoRecoveryContract = {
  summary:
    'Undo the recovery of an administrator within its hold of 24 hours: remove the passkeys that recovery links added, end all sessions of the administrator, and end the hold. The older passkeys stay. To undo your own recovery, you must have signed in with an older passkey',
  params,
  answer: { status: 204, description: 'Undone' },
} as const satisfies Contract;

export const changeEmailContract = {
  summary:
    'Change your own e-mail address. The service sends a link to the new address, and the address changes when the link is used. Sessions that began with a link to the old address then end. You must have signed in within the last 5 minutes',
  body: z.strictObject({ email: emailAddress }),
  answer: {
    status: 202,
    description: 'Accepted. The response is the same whether another administrator has the address or not',
    body: mailAccepted,
  },
} as const satisfies Contract;

export const setMailSettingsContract = {
  summary:
    'Set the language of the e-mails to you, and which notices you get. E-mails about security cannot be switched off, and the MAU alert follows the setting of the customer',
  body: newMailSettings,
  answer: { status: 200, description: 'Your settings', body: mailSettings },
} as const satisfies Contract;

export const confirmEmailContract = {
  summary: 'Confirm a new e-mail address with the token of the e-mailed link',
  body: z.strictObject({ token: z.string().min(1).max(100) }),
  answer: {
    status: 200,
    description: 'The administrator, whose e-mail address is now the new address',
    body: administrator,
  },
} as const satisfies Contract;
