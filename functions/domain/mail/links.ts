import { activation } from '../../email/templates/activation.ts';
import { emailConfirmation } from '../../email/templates/email-confirmation.ts';
import { signIn } from '../../email/templates/sign-in.ts';
import { DAY, MINUTE } from '../time.ts';

/** At most this many links an hour go to one address. */
export const LINKS_AN_HOUR = 5;

/** For each purpose of a link: the console's page that uses it, how long it works, and its e-mail. */
export const links = {
  activation: { page: 'sign-in', lasts: DAY, inWords: '24 hours', template: activation },
  'sign-in': { page: 'sign-in', lasts: 15 * MINUTE, inWords: '15 minutes', template: signIn },
  'email-confirmation': { page: 'confirm-email', lasts: DAY, inWords: '24 hours', template: emailConfirmation },
} as const;
