import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages, type Language } from '../../functions/domain/mail/languages.ts';
import type { Content } from '../../functions/email/mailer.ts';
import { activation } from '../../functions/email/templates/activation.ts';
import { combinedNotices } from '../../functions/email/templates/combined-notices.ts';
import { emailChanged } from '../../functions/email/templates/email-changed.ts';
import { emailConfirmation } from '../../functions/email/templates/email-confirmation.ts';
import { invitationRefused } from '../../functions/email/templates/invitation-refused.ts';
import { licenseEnding } from '../../functions/email/templates/license-ending.ts';
import { licenseSet } from '../../functions/email/templates/license-set.ts';
import { mauAlert } from '../../functions/email/templates/mau-alert.ts';
import { passkeyAdded } from '../../functions/email/templates/passkey-added.ts';
import { passkeyRemoved } from '../../functions/email/templates/passkey-removed.ts';
import { recoveryUndone } from '../../functions/email/templates/recovery-undone.ts';
import { representativeChanged } from '../../functions/email/templates/representative-changed.ts';
import { signIn } from '../../functions/email/templates/sign-in.ts';
import { statementReady } from '../../functions/email/templates/statement-ready.ts';
import { unsubscribed } from '../../functions/email/templates/unsubscribed.ts';
import { unsubscriptionCancelled } from '../../functions/email/templates/unsubscription-cancelled.ts';
import { unsubscriptionRequested } from '../../functions/email/templates/unsubscription-requested.ts';
import { usersNearMaximum } from '../../functions/email/templates/users-near-maximum.ts';

/** The language of the e-mails in the tests about one e-mail. */
const language = 'en';
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
  rps: [
    { name: 'Shop', mau: 10_000 },
    { name: 'Blog', mau: 412 },
  ],
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

/** The arguments of the e-mails that each administrator may choose to get. */
const chosen = { isRepresentative: true, timeZone: 'UTC', contact, consoleUrl };
const free = {
  type: 'free',
  startsAt: Date.parse('2026-11-25T09:30:00Z'),
  endsAt: null,
  maxRegisteredRps: 1,
  maxRegisteredUsers: 100,
} as const;
const business = {
  type: 'business',
  ...{ startsAt: Date.parse('2026-12-01T00:00:00Z'), endsAt: Date.parse('2027-12-01T00:00:00Z') },
  ...{ maxRegisteredRps: 1_000, maxMau: 10_000, overageFeePerMau: { amount: '0.05', currency: 'USD' } },
} as const;
const ending = { type: 'business', endsAt: Date.parse('2026-12-01T00:00:00Z') } as const;
const closed = {
  ...{ month: '2026-11', mau: 10_412 },
  paid: { maxMau: 10_000, overageMau: 412, overageFee: { amount: '20.60', currency: 'USD' } },
};

const own = { timeZone: 'UTC', isRepresentatives: false, contact, consoleUrl };
const removed = { ...own, removedAt: Date.parse('2026-11-25T09:30:00Z') };
const undone = { ...own, undoneAt: Date.parse('2026-11-25T09:30:00Z') };

/** Returns the e-mails in a language. */
function templatesIn(language: Language) {
  /**
   * The e-mails whose link contains a token, by template. Each function returns the e-mail of a template, and puts
   * `written` in place of each user-supplied text.
   */
  const withLink: Record<string, (written: string) => Content> = {
    'sign-in': (written) => signIn({ language, customerName: written, link: signInLink }),
  };
  /**
   * The e-mails whose link contains a token and whose recipient has not proven yet that the address is theirs. These
   * e-mails contain no user-supplied text.
   */
  const toUnprovenAddress: Record<string, () => Content> = {
    'activation, invited': () => activation({ language, link: signInLink, isInvited: true, ...lapses }),
    'activation, signed up': () => activation({ language, link: signInLink, isInvited: false, ...lapses }),
    'email-confirmation': () => emailConfirmation({ language, link: confirmation }),
  };
  /** The e-mails whose link contains no token. The functions are like those in `withLink`. */
  const notices: Record<string, (written: string) => Content> = {
    'representative-changed': (written) =>
      representativeChanged({
        language,
        customerName: written,
        oldName: written,
        newName: written,
        changedBy: written,
        consoleUrl,
      }),
    'combined-notices': (written) => combinedNotices({ language, ...combined, customerName: written }),
    unsubscribed: (written) =>
      unsubscribed({ language, customerName: written, discarded: { user: 12 }, contact, consoleUrl }),
    'unsubscription-requested': (written) =>
      unsubscriptionRequested({ language, ...requested, customerName: written, requestedBy: written }),
    'unsubscription-cancelled': (written) =>
      unsubscriptionCancelled({ language, customerName: written, cancelledBy: written, contact, consoleUrl }),
    'unsubscription-cancelled, by a paid license': (written) =>
      unsubscriptionCancelled({ language, customerName: written, cancelledBy: null, contact, consoleUrl }),
    'email-changed': (written) =>
      emailChanged({ language, name: written, newEmail: written, isRepresentative: false, contact, consoleUrl }),
    ...Object.fromEntries(
      Object.entries(readers).map(([reader, who]) => [
        `passkey-added, ${reader}`,
        (written: string) =>
          passkeyAdded({ language, ...added, ...who, customerName: written, name: written, passkeyName: written }),
      ]),
    ),
    'passkey-removed': (written) =>
      passkeyRemoved({ language, ...removed, customerName: written, name: written, passkeyName: written }),
    'recovery-undone': (written) =>
      recoveryUndone({ language, ...undone, customerName: written, name: written, undoneBy: written }),
    'mau-alert': (written) =>
      mauAlert({ language, ...exceeded, customerName: written, rps: [{ name: written, mau: 10_412 }] }),
    'license-set, paid': (written) => licenseSet({ ...chosen, language, license: business, customerName: written }),
    'license-set, free': (written) => licenseSet({ ...chosen, language, license: free, customerName: written }),
    'license-ending': (written) =>
      licenseEnding({ ...chosen, language, ...ending, withinDays: 7, customerName: written }),
    'license-ending, ended': (written) =>
      licenseEnding({ ...chosen, language, ...ending, withinDays: 0, customerName: written }),
    'users-near-maximum': (written) =>
      usersNearMaximum({ ...chosen, language, registeredUsers: 80, maxRegisteredUsers: 100, customerName: written }),
    'users-near-maximum, reached': (written) =>
      usersNearMaximum({ ...chosen, language, registeredUsers: 100, maxRegisteredUsers: 100, customerName: written }),
    'statement-ready, paid': (written) => statementReady({ ...chosen, language, ...closed, customerName: written }),
    'statement-ready, free': (written) =>
      statementReady({ ...chosen, language, ...closed, paid: null, isRepresentative: false, customerName: written }),
  };
  return { withLink, toUnprovenAddress, notices };
}
/** Returns the e-mails of some groups in every language, each with the language in its name. */
const inEveryLanguage = (
  pick: (templates: ReturnType<typeof templatesIn>) => Record<string, (written: string) => Content>,
) =>
  languages.flatMap((language) =>
    Object.entries(pick(templatesIn(language))).map(([name, template]) => ({
      name: `${name} (${language})`,
      template,
      language,
    })),
  );
const all = inEveryLanguage(({ withLink, notices }) => ({ ...withLink, ...notices }));
const everything = inEveryLanguage(({ withLink, toUnprovenAddress, notices }) => ({
  ...withLink,
  ...toUnprovenAddress,
  ...notices,
}));

/**
 * Generates strings of arbitrary UTF-16 code units. `fc.string` with all characters as its units would first build a
 * map of a million characters, which takes 2 s.
 */
const anyText = fc.uint16Array({ minLength: 1 }).map((units) => String.fromCharCode(...units));

const tagsOf = ({ html }: Content) => html.match(/<[^>]*>/g);

describe.each(all)('the e-mail “$name”', ({ template, language }) => {
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

  it('has a subject of one line, which differs only in a harmless form of the user-supplied text', () => {
    const { subject } = template('a\r\nBcc: mallory@evil.example');

    expect(subject.replace('a Bcc: mallory@\u200aevil.\u200aexample', 'x')).toBe(template('x').subject);
    expect(subject).toMatch(language === 'en' ? /^[ -~“”\u200a]+$/ : /^\P{Cc}+$/u);
  });

  it('is in its language, also for programs that read it aloud', () => {
    const { html, text } = template('Example');

    expect(html).toContain(`<html lang="${language}">`);
    expect(/[ぁ-ん]/.test(text)).toBe(language === 'ja');
  });

  it('does not let user-supplied text start a new line', () => {
    const { text } = template('a\r\nhttps://evil.example/');

    expect(text.split('\n').filter((line) => line.startsWith('http'))).toHaveLength(1);
    expect(text).not.toContain('\r');
  });
});

describe.each(inEveryLanguage(({ withLink, toUnprovenAddress }) => ({ ...withLink, ...toUnprovenAddress })))(
  'the e-mail “$name”',
  ({ template, language }) => {
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

        expect(said).toContain(language === 'en' ? 'within 15 minutes' : '15 minutes以内');
        expect(said).toContain('You can request 3 links in a row.');
        expect(said).toContain(language === 'en' ? 'ignore it' : '破棄してください');
      },
    );
  },
);

describe.each(inEveryLanguage(({ notices }) => notices))('the e-mail “$name”', ({ template }) => {
  it('links to the console without a token', () => {
    const { text, html } = template('Alice Arai');

    expect(text).toMatch(/\nhttps:\/\/console\.example(\/#(mau|license|statements))?\n/);
    expect(html).not.toContain('token');
  });
});

it('the e-mail “representative-changed” does not mention a previous representative whose name is unknown', () => {
  const changed = { customerName: 'Example Corporation', newName: 'Bob', changedBy: 'Bob', consoleUrl };

  expect(representativeChanged({ language, ...changed, oldName: 'Alice' }).text).toContain('previous');
  expect(representativeChanged({ language, ...changed, oldName: '' }).text).not.toContain('previous');
});

it('the e-mail to an invited person whose address is in use says what the person can do, and has no link with a token', () => {
  const { text, html } = invitationRefused({ language, consoleUrl });
  expect(text).toContain('One address can belong to only one organisation.');
  expect(text).toContain('ask for the invitation again');
  expect(`${text}${html}`).not.toContain('token');
});

describe('the e-mail “activation”', () => {
  const to = (isInvited: boolean) => activation({ language, link: signInLink, isInvited, ...lapses });

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
      language,
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
    emailChanged({ language, name: 'Alice', newEmail: 'alice@new.example', isRepresentative, contact, consoleUrl });

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
      language,
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
    unsubscriptionCancelled({ language, customerName: 'Example Corporation', cancelledBy, contact, consoleUrl }).text;

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
    passkeyAdded({ language, ...added, ...readers[reader], customerName: 'Example Corporation', name: 'Bob' }).text;

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
      passkeyRemoved({
        language,
        ...removed,
        isRepresentatives,
        customerName: 'Example',
        name: 'Bob',
        passkeyName: 'Phone',
      }),
  ],
  [
    'recovery-undone',
    (isRepresentatives: boolean) =>
      recoveryUndone({
        language,
        ...undone,
        isRepresentatives,
        customerName: 'Example',
        name: 'Bob',
        undoneBy: 'Alice',
      }),
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
      const said = mauAlert({ language, ...exceeded, paid })[part];

      for (const words of ['in November 2026', 'Asia/Tokyo', '10,412', '8,000', '10,000', '412 MAU', '20.60 USD'])
        expect(said).toContain(words);
    },
  );

  it('tells a customer with the Free license that there is no maximum MAU', () => {
    expect(mauAlert({ language, ...exceeded }).text).toContain('no maximum MAU');
  });
});

describe('the e-mail “mau-alert”', () => {
  it('names the customer and the number in the subject, and leads to the MAU and to the alert', () => {
    const { subject, text } = mauAlert({ language, ...exceeded });
    expect(subject).toBe('“Example Corporation”: 10,412 MAU, above your threshold of 8,000');
    expect(text).toContain('\nhttps://console.example/#mau\n');
    expect(text).toContain(' https://console.example/#mau-alert\n');
  });

  it('lists the 10 RPs with the largest MAU, and says how many more there are', () => {
    const rps = Array.from({ length: 12 }, (_, index) => ({ name: `RP ${index + 1}`, mau: 12 - index }));
    const { text } = mauAlert({ language, ...exceeded, rps });
    expect(text).toContain('- “RP 10”: 3\n- and 2 more, which the console shows\n');
    expect(text).not.toContain('RP 11');
    expect(mauAlert({ language: 'ja', ...exceeded, rps }).text).toContain('- 「RP 10」：3\n- ほか2件');
    expect(mauAlert({ language, ...exceeded }).text).toContain('- “Shop”: 10,000\n- “Blog”: 412\n\n');
  });
});

describe.each(inEveryLanguage(({ notices }) => notices).filter(({ name }) => /^(license|users|statement)/.test(name)))(
  'the e-mail “$name”',
  ({ template }) => {
    it('says at its end why the reader gets it, and where to switch it off', () => {
      const [reason = ''] = template('Example').text.trimEnd().split('\n').slice(-1);
      expect(reason).toMatch(
        /^(You get this e-mail because|このメールは).*Example.* https:\/\/console\.example\/mails$/,
      );
    });
  },
);

it('every e-mail to an unproven address has the same text for every sender', () => {
  for (const { name, template } of everything.filter(({ name }) => /^(activation|email-confirmation)/.test(name)))
    expect(template('evil').text, name).toBe(template('x').text);
});
