import { activation } from '../../email/templates/activation.ts';
import { emailConfirmation } from '../../email/templates/email-confirmation.ts';
import { signIn } from '../../email/templates/sign-in.ts';
import { DAY, MINUTE } from '../time.ts';

/**
 * For each purpose of an e-mailed link: the console page that the link opens (`page`), how long the link works, both in
 * milliseconds (`lasts`) and as a text for the e-mail (`inWords`), and the template of the e-mail.
 */
export const links = {
  activation: { page: 'sign-in', lasts: DAY, inWords: '24 hours', template: activation },
  'sign-in': { page: 'sign-in', lasts: 15 * MINUTE, inWords: '15 minutes', template: signIn },
  'email-confirmation': { page: 'confirm-email', lasts: DAY, inWords: '24 hours', template: emailConfirmation },
} as const;
