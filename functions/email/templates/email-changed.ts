import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/** To the address that an administrator signed in with until now. */
export function emailChanged(changed: {
  readonly name: string;
  readonly newEmail: string;
  readonly consoleUrl: string;
}): Content {
  const { name, newEmail, consoleUrl } = changed;
  return write({
    subject: sentence`Your e-mail address at the FIDO2 Server Service was changed`,
    paragraphs: [
      sentence`“${name}” now signs in to the FIDO2 Server Service with the e-mail address ${newEmail}.`,
      sentence`This address is not used any more.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not change it, tell a privileged administrator of your organisation at once: removing the administrator ends all of their sessions.`,
    ],
  });
}
