import { activation } from '../../email/templates/activation.ts';
import { emailConfirmation } from '../../email/templates/email-confirmation.ts';
import { signIn } from '../../email/templates/sign-in.ts';
import { DAY, MINUTE } from '../time.ts';

/**
 * The properties of each kind of e-mailed link. `page` is the console page that the link opens. `lasts` is how long the
 * link works, in milliseconds, and `inWords` is the same duration as a text for the e-mail. `template` is the function
 * that writes the e-mail.
 */
export const links = {
  activation: { page: 'sign-in', lasts: DAY, inWords: '24 hours', template: activation },
  'sign-in': { page: 'sign-in', lasts: 15 * MINUTE, inWords: '15 minutes', template: signIn },
  'email-confirmation': { page: 'confirm-email', lasts: DAY, inWords: '24 hours', template: emailConfirmation },
} as const;
