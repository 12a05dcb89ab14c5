import { activation } from '../../email/templates/activation.ts';
import { emailConfirmation } from '../../email/templates/email-confirmation.ts';
import { signIn } from '../../email/templates/sign-in.ts';
import { DAY, MINUTE } from '../time.ts';

/**
 * The properties of each kind of e-mailed link. `page` is the console page that the link opens. `lasts` is how long the
 * link works, in milliseconds, and `inWords` is the same duration as a text for the e-mail, in each language. `template`
 * is the function that writes the e-mail.
 */
export const links = {
  activation: { page: 'sign-in', lasts: DAY, inWords: { en: '24 hours', ja: '24時間' }, template: activation },
  'sign-in': { page: 'sign-in', lasts: 15 * MINUTE, inWords: { en: '15 minutes', ja: '15分' }, template: signIn },
  'email-confirmation': {
    page: 'confirm-email',
    lasts: DAY,
    inWords: { en: '24 hours', ja: '24時間' },
    template: emailConfirmation,
  },
} as const;
