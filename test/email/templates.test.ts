import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from '../../functions/email/mailer.ts';
import { activation } from '../../functions/email/templates/activation.ts';
import { combinedNotices } from '../../functions/email/templates/combined-notices.ts';
import { emailChanged } from '../../functions/email/templates/email-changed.ts';
import { emailConfirmation } from '../../functions/email/templates/email-confirmation.ts';
import { invitationRefused } from '../../functions/email/templates/invitation-refused.ts';
import { mauAlert } from '../../functions/email/templates/mau-alert.ts';
import { passkeyAdded } from '../../functions/email/templates/passkey-added.ts';
import { passkeyRemoved } from '../../functions/email/templates/passkey-removed.ts';
import { recoveryUndone } from '../../functions/email/templates/recovery-undone.ts';
import { representativeChanged } from '../../functions/email/templates/representative-changed.ts';
import { signIn } from '../../functions/email/templates/sign-in.ts';
import { unsubscribed } from '../../functions/email/templates/unsubscribed.ts';
import { unsubscriptionCancelled } from '../../functions/email/templates/unsubscription-cancelled.ts';
import { unsubscriptionRequested } from '../../functions/email/templates/unsubscription-requested.ts';

const consoleUrl = 'https://console.example';
const contact = 'sales@example.com';
const signInLink = {
  url: `${consoleUrl}/sign-in#token=lnk_abc`,
  lasts: '15 minutes',
  limit: 'You can request 3 links in a row.',
};
const confirmation = { ...signInLink, url: `${consoleUrl}/confirm-email#token=lnk_abc` };

const exceeded = {
  ...{ customerName: 'Example Corporation', month: '2026-11', timeZone: 'Asia/Tokyo', consoleUrl },
  ...{ mau: 10_412, threshold: 8_000 },
};

const lapses = { lapsesAt: Date.parse('2026-12-02T16:30:00Z'), timeZone: 'UTC', consoleUrl };
const combined = { anHour: 60, total: 4, changes: [{ what: 'A passkey was added', times: 4 }], consoleUrl };
/** The arguments of the e-mail “unsubscription-requested” without user-supplied texts. */
const requested = { effectiveAt: Date.parse('2026-11-28T09:30:00Z'), timeZone: 'UTC', contact, consoleUrl };
/** The arguments that all e-mails about a new passkey have in common. */
const added = {
  passkeyName: 'Phone',
  addedAt: Date.parse('2026-11-25T09:30:00Z'),
  timeZone: 'UTC',
  contact,
  consoleUrl,
};
const recovery = { holdUntil: Date.parse('2026-11-26T09:30:00Z') };
/** The readers of an e-mail about a new passkey, each with the arguments that determine the wording. */
const readers = {
  'to its owner': { isOwn: true, isRepresentatives: false, ...recovery },
  'to its owner, who is privileged': { isOwn: true, isRepresentatives: false, isPrivileged: true, ...recovery },
  'to its owner, the representative': { isOwn: true, isRepresentatives: true, isPrivileged: true, ...recovery },
  'to a person who can undo the recovery': { isOwn: false, isRepresentatives: false, ...recovery },
  'to its owner, who was signed in': { isOwn: true, isRepresentatives: false },
  'to its owner, the representative, who was signed in': { isOwn: true, isRepresentatives: true },
};

const own = { timeZone: 'UTC', isRepresentatives: false, contact, consoleUrl };
const removed = { ...own, removedAt: Date.parse('2026-11-25T09:30:00Z') };
const undone = { ...own, undoneAt: Date.parse('2026-11-25T09:30:00Z') };

/**
 * The e-mails whose link contains a token, by template. Each function returns the e-mail of a template, and puts
 * `written` in place of each user-supplied text.
 */
const withLink: Record<string, (written: string) => Content> = {
  'sign-in': (written) => signIn({ customerName: written, link: signInLink }),
};
/**
 * The e-mails whose link contains a token and whose recipient has not proven yet that the address is theirs. These
 * e-mails contain no user-supplied text.
 */
const toUnprovenAddress: Record<string, () => Content> = {
  'activation, invited': () => activation({ link: signInLink, isInvited: true, ...lapses }),
  'activation, signed up': () => activation({ link: signInLink, isInvited: false, ...lapses }),
  'email-confirmation': () => emailConfirmation({ link: confirmation }),
};
/** The e-mails whose link contains no token. The functions are like those in `withLink`. */
const notices: Record<string, (written: string) => Content> = {
  'representative-changed': (written) =>
    representativeChanged({
      customerName: written,
      oldName: written,
      newName: written,
      changedBy: written,
      consoleUrl,
    }),
  'combined-notices': (written) => combinedNotices({ ...combined, customerName: written }),
  unsubscribed: (written) => unsubscribed({ customerName: written, discarded: { user: 12 }, contact, consoleUrl }),
  'unsubscription-requested': (written) =>
    unsubscriptionRequested({ ...requested, customerName: written, requestedBy: written }),
  'unsubscription-cancelled': (written) =>
    unsubscriptionCancelled({ customerName: written, cancelledBy: written, contact, consoleUrl }),
  'unsubscription-cancelled, by a paid license': (written) =>
    unsubscriptionCancelled({ customerName: written, cancelledBy: null, contact, consoleUrl }),
  'email-changed': (written) =>
    emailChanged({ name: written, newEmail: written, isRepresentative: false, contact, consoleUrl }),
  ...Object.fromEntries(
    Object.entries(readers).map(([reader, who]) => [
      `passkey-added, ${reader}`,
      (written: string) =>
        passkeyAdded({ ...added, ...who, customerName: written, name: written, passkeyName: written }),
    ]),
  ),
  'passkey-removed': (written) =>
    passkeyRemoved({ ...removed, customerName: written, name: written, passkeyName: written }),
  'recovery-undone': (written) =>
    recoveryUndone({ ...undone, customerName: written, name: written, undoneBy: written }),
  'mau-alert': (written) => mauAlert({ ...exceeded, customerName: written }),
};
const all = Object.entries({ ...withLink, ...notices });

/**
 * Generates strings of arbitrary UTF-16 code units. `fc.string` with all characters as its units would first build a
 * map of a million characters, which takes 2 s.
 */
const anyText = fc.uint16Array({ minLength: 1 }).map((units) => String.fromCharCode(...units));

const tagsOf = ({ html }: Content) => html.match(/<[^>]*>/g);

describe.each(all)('the e-mail “%s”', (_, template) => {
  it('has the same markup for every user-supplied text', () => {
    const harmless = tagsOf(template('x'));
    const written = fc.oneof(
      anyText,
      fc.stringMatching(/^[<>&"' =/a-z]{1,40}$/),
      fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onclick='x", '<!--', '</p>'),
    );
    fc.assert(
      fc.property(written, (text) => {
        expect(tagsOf(template(text))).toEqual(harmless);
      }),
    );
  });

  it('shows user-supplied text, and escapes it in the HTML', () => {
    const { text, html } = template(`R&D <b> "x" 'y'`);

    expect(text).toContain(`R&D <b> "x" 'y'`);
    expect(html).toContain('R&amp;D &lt;b&gt; &quot;x&quot; &#39;y&#39;');
  });

  it('has the same one-line subject for every user-supplied text', () => {
    const { subject } = template('a\r\nBcc: mallory@evil.example');

    expect(subject).toBe(template('x').subject);
    expect(subject).toMatch(/^[ -~]+$/);
  });

  it('does not let user-supplied text start a new line', () => {
    const { text } = template('a\r\nhttps://evil.example/');

    expect(text.split('\n').filter((line) => line.startsWith('http'))).toHaveLength(1);
    expect(text).not.toContain('\r');
  });
});

describe.each(Object.entries({ ...withLink, ...toUnprovenAddress }))('the e-mail “%s”', (_, template) => {
  it('has the link on a line of its own, with the token after the "#"', () => {
    const { text } = template('Example Corporation');

    expect(text.split('\n').filter((line) => line.includes('token='))).toEqual([
      expect.stringMatching(/^https:\/\/console\.example\/[a-z-]+#token=lnk_abc$/),
    ]);
  });

  it('shows the link as a button and as a URL to copy', () => {
    const { html } = template('Example Corporation');

    expect(html.match(/href="https:\/\/console\.example\/[a-z-]+#token=lnk_abc"/g)).toHaveLength(2);
    expect(html).toMatch(/>https:\/\/console\.example\/[a-z-]+#token=lnk_abc<\/a>/);
  });

  it.each(['text', 'html'] as const)(
    'states the link’s lifetime, the limit of links, and when to ignore the e-mail (%s part)',
    (part) => {
      const said = template('Example Corporation')[part];

      expect(said).toContain('within 15 minutes');
      expect(said).toContain('You can request 3 links in a row.');
      expect(said).toContain('ignore it');
    },
  );
});

describe.each(Object.entries(notices))('the e-mail “%s”', (_, template) => {
  it('links to the console without a token', () => {
    const { text, html } = template('Alice Arai');

    expect(text).toContain('\nhttps://console.example\n');
    expect(html).not.toContain('token');
  });
});

it('the e-mail “representative-changed” does not mention a previous representative whose name is unknown', () => {
  const changed = { customerName: 'Example Corporation', newName: 'Bob', changedBy: 'Bob', consoleUrl };

  expect(representativeChanged({ ...changed, oldName: 'Alice' }).text).toContain('previous');
  expect(representativeChanged({ ...changed, oldName: '' }).text).not.toContain('previous');
});

it('the e-mail to an invited person whose address is in use says what the person can do, and has no link with a token', () => {
  const { text, html } = invitationRefused({ consoleUrl });
  expect(text).toContain('One address can belong to only one organisation.');
  expect(text).toContain('ask for the invitation again');
  expect(`${text}${html}`).not.toContain('token');
});

describe('the e-mail “activation”', () => {
  const to = (isInvited: boolean) => activation({ link: signInLink, isInvited, ...lapses });

  it('says that somebody signed up, and states the deadline for activation', () => {
    const { text } = to(false);
    expect(text).toContain('Somebody signed up');
    expect(text).not.toContain('invited');
    expect(text).toContain('by 2 December 2026, 16:30 (UTC)');
    expect(text).toContain('enter this address at https://console.example/sign-in.');
  });

  it('tells an invited person when the invitation expires, and how to sign up their own organisation', () => {
    const { text } = to(true);
    expect(text).toContain('one of its administrators');
    expect(text).toContain('expires on 2 December 2026, 16:30 (UTC)');
    expect(text).toContain('your own organisation');
  });
});

describe('the e-mail “activation” about an invitation that never expires', () => {
  it('mentions no expiry', () => {
    const { text } = activation({
      ...{ link: signInLink, isInvited: true },
      ...{ ...lapses, lapsesAt: undefined },
    });
    expect(text).toContain('An organisation invited you');
    expect(text).toContain('your own organisation');
    expect(text).not.toContain('expire');
  });
});

describe('the e-mail “email-changed”', () => {
  const to = (isRepresentative: boolean) =>
    emailChanged({ name: 'Alice', newEmail: 'alice@new.example', isRepresentative, contact, consoleUrl });

  it.each(['text', 'html'] as const)('shows the new address unchanged in its %s part', (part) => {
    expect(to(false)[part]).toContain('alice@new.example.');
  });

  it('tells the representative to contact the operator, and other administrators to contact the representative', () => {
    expect(to(true).text).toMatch(/write to the operator .*sales@example\.com/);
    expect(to(false).text).toContain('tell the representative');
    expect(to(false).text).not.toContain('operator');
  });
});

describe('the e-mail “unsubscription-requested”', () => {
  it('states when the grace period ends, and how to keep using the service', () => {
    const { text } = unsubscriptionRequested({
      ...requested,
      customerName: 'Example Corporation',
      requestedBy: 'Alice Arai',
    });
    expect(text).toContain('“Alice Arai” unsubscribed “Example Corporation”');
    expect(text).toContain('Until 28 November 2026, 09:30 (UTC)');
    expect(text).toContain('choose “Keep using the service”');
    expect(text).toContain(contact);
  });
});

describe('the e-mail “unsubscription-cancelled”', () => {
  const by = (cancelledBy: string | null) =>
    unsubscriptionCancelled({ customerName: 'Example Corporation', cancelledBy, contact, consoleUrl }).text;

  it('states who cancelled, or that a paid license cancelled', () => {
    expect(by('Bob Baba')).toContain('“Bob Baba” cancelled');
    expect(by(null)).toContain('a paid license');
  });

  it('names the operator only if a paid license cancelled', () => {
    expect(by(null)).toMatch(/write to the operator .*sales@example\.com/);
    expect(by('Bob Baba')).toContain('the representative can unsubscribe again');
    expect(by('Bob Baba')).not.toContain('operator');
  });
});

describe('the e-mail “passkey-added”', () => {
  const to = (reader: keyof typeof readers) =>
    passkeyAdded({ ...added, ...readers[reader], customerName: 'Example Corporation', name: 'Bob' }).text;

  it('states the day, the time and the time zone at which the passkey was added', () => {
    expect(to('to its owner')).toContain('on 25 November 2026, 09:30 (UTC)');
  });

  it('says how the passkey was added', () => {
    expect(to('to its owner')).toContain('added with a recovery link');
    expect(to('to its owner, who was signed in')).not.toMatch(/link|reading your e-mails/);
  });

  it('tells each recipient what to do about an unexpected passkey', () => {
    const undo = 'choose “Undo recovery” before 26 November 2026, 09:30 (UTC)';
    expect(to('to its owner')).toContain('Tell the representative of your organisation at once');
    expect(to('to its owner')).not.toContain(undo);
    for (const reader of ['to its owner, who is privileged', 'to its owner, the representative'] as const) {
      expect(to(reader)).toContain('Sign in with an older passkey');
      expect(to(reader)).toContain(undo);
    }
    expect(to('to its owner, the representative')).toContain(contact);
    expect(to('to a person who can undo the recovery')).toContain(undo);
    expect(to('to its owner, who was signed in')).toMatch(/Remove the passkey .* tell the representative/);
    expect(to('to its owner, the representative, who was signed in')).toMatch(
      /Remove the passkey .* write to the operator/,
    );
  });

  it('says until when a recovery restricts the owner of the passkey', () => {
    expect(to('to its owner')).toContain('Until 26 November 2026, 09:30 (UTC), “Bob” cannot unsubscribe');
    expect(to('to its owner, who was signed in')).not.toContain('Until');
  });
});

describe.each([
  [
    'passkey-removed',
    (isRepresentatives: boolean) =>
      passkeyRemoved({ ...removed, isRepresentatives, customerName: 'Example', name: 'Bob', passkeyName: 'Phone' }),
  ],
  [
    'recovery-undone',
    (isRepresentatives: boolean) =>
      recoveryUndone({ ...undone, isRepresentatives, customerName: 'Example', name: 'Bob', undoneBy: 'Alice' }),
  ],
] as const)('the e-mail “%s”', (_, template) => {
  it('states the time and its time zone', () => {
    expect(template(false).text).toContain('on 25 November 2026, 09:30 (UTC)');
  });

  it('tells only the representative to write to the operator', () => {
    expect(template(true).text).toContain(contact);
    expect(template(false).text).not.toContain(contact);
  });
});

describe('the e-mail “mau-alert”', () => {
  it.each(['text', 'html'] as const)(
    'states the month, the MAU, the threshold and the overage so far (%s part)',
    (part) => {
      const paid = { maxMau: 10_000, overageMau: 412, overageFee: { amount: '20.60', currency: 'USD' } };
      const said = mauAlert({ ...exceeded, paid })[part];

      for (const words of ['in November 2026', 'Asia/Tokyo', '10,412', '8,000', '10,000', '412 MAU', '20.60 USD'])
        expect(said).toContain(words);
    },
  );

  it('tells a customer with the Free license that there is no maximum MAU', () => {
    expect(mauAlert(exceeded).text).toContain('no maximum MAU');
  });
});
