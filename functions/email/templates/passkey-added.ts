import { timeInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence, type Sentence } from '../sentence.ts';

interface PasskeyAdded {
  readonly customerName: string;
  /** The name of the administrator who owns the passkey. */
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** Whether the recipient of the e-mail owns the passkey. If false, the recipient can undo the recovery. */
  readonly isOwn: boolean;
  /** Whether the owner of the passkey is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** Whether the owner of the passkey is privileged, and can undo the recovery with an older passkey. @default false */
  readonly isPrivileged?: boolean | undefined;
  /**
   * The end of the recovery hold, in epoch milliseconds. A hold begins when a passkey is added in a session that began
   * with a recovery link. Such an e-mailed link allows its recipient only to add a passkey.
   * @default - no hold began; the owner added the passkey in a full session, and only the owner gets this e-mail
   */
  readonly holdUntil?: number | undefined;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that tells the owner of a new passkey that the passkey was added. If a recovery link was used, the
 * people who can undo the recovery get the e-mail too.
 */
export const passkeyAdded = (values: InLanguage<PasskeyAdded>): Content => writeIn(letters, values);

const letters = {
  en: (added) => {
    const { customerName, name, passkeyName, addedAt, timeZone, holdUntil, consoleUrl } = added;
    const when = timeInWords(addedAt, timeZone, 'en');
    const canSignIn = sentence`“${name}” can now sign in with this passkey, in addition to any older passkeys.`;
    const button = { label: sentence`Open the console`, url: consoleUrl };
    if (holdUntil === undefined) {
      return {
        subject: sentence`A passkey was added`,
        paragraphs: [
          sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${when}.`,
          canSignIn,
        ],
        button,
        notes: [advice.en.ifNotExpected(added)],
      };
    }
    const until = timeInWords(holdUntil, timeZone, 'en');
    return {
      subject: sentence`A passkey was added with a recovery link`,
      paragraphs: [
        sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${when}. It was added with a recovery link, which we had e-mailed to “${name}”.`,
        canSignIn,
        sentence`Until ${until}, “${name}” cannot unsubscribe, change the representative or their own e-mail address, invite administrators, change privileges, add or remove passkeys, create API keys, or remove RPs or privileged administrators. “${name}” can sign out everywhere only in a session that began before the recovery or with an older passkey. During this time, a privileged administrator can undo the recovery.`,
      ],
      button,
      notes: [advice.en.ifRecoveryNotExpected(added, until)],
    };
  },
  ja: (added) => {
    const { customerName, name, passkeyName, addedAt, timeZone, holdUntil, consoleUrl } = added;
    const when = timeInWords(addedAt, timeZone, 'ja');
    const canSignIn = sentence`「${name}」さんは、以前のパスキーに加えて、このパスキーでもサインインできます。`;
    const button = { label: sentence`コンソールを開く`, url: consoleUrl };
    if (holdUntil === undefined) {
      return {
        subject: sentence`パスキーが追加されました`,
        paragraphs: [
          sentence`FIDO2 Server Service の「${customerName}」の管理者「${name}」さんに、パスキー「${passkeyName}」が${when}に追加されました。`,
          canSignIn,
        ],
        button,
        notes: [advice.ja.ifNotExpected(added)],
      };
    }
    const until = timeInWords(holdUntil, timeZone, 'ja');
    return {
      subject: sentence`リカバリー用のリンクでパスキーが追加されました`,
      paragraphs: [
        sentence`FIDO2 Server Service の「${customerName}」の管理者「${name}」さんに、パスキー「${passkeyName}」が${when}に追加されました。追加には、「${name}」さんにメールで送信されたリカバリー用のリンクが使用されました。`,
        canSignIn,
        sentence`${until}まで、「${name}」さんは、解約、担当者やご自身のメールアドレスの変更、管理者の招待、権限の変更、パスキーの追加と削除、APIキーの作成、RPと特権管理者の削除ができません。「すべてサインアウト」は、リカバリーの前、または以前のパスキーでサインインした場合のみ行えます。この間、特権管理者はリカバリーを取り消せます。`,
      ],
      button,
      notes: [advice.ja.ifRecoveryNotExpected(added, until)],
    };
  },
} satisfies Letters<PasskeyAdded>;

interface Advice {
  /**
   * Returns the text that tells the recipient how to stop an attacker who added a passkey without a recovery link, with
   * steps that the recipient is allowed to take. Administrators can remove only their own passkeys, and no
   * administrator can remove themselves.
   */
  readonly ifNotExpected: (added: PasskeyAdded) => Sentence;
  /** Returns the text that tells the recipient how to stop an attacker who used a recovery link. */
  readonly ifRecoveryNotExpected: (added: PasskeyAdded, until: OwnText) => Sentence;
}

const advice = {
  en: {
    ifNotExpected: ({ isRepresentatives, contact }) =>
      isRepresentatives
        ? sentence`If you did not add it, somebody else has access to your account. Remove the passkey in the console, and write to the operator of the service at once: ${new OwnText(contact)}. The operator can change your e-mail address, which ends all of your sessions and removes your passkeys.`
        : sentence`If you did not add it, somebody else has access to your account. Remove the passkey in the console, and tell the representative of your organisation at once. A privileged administrator can remove you as an administrator, which ends all of your sessions and removes your passkeys.`,
    ifRecoveryNotExpected: ({ name, isOwn, isPrivileged, isRepresentatives, contact }, until) => {
      const undoes = new OwnText('This removes the new passkey and ends all sessions');
      if (!isOwn)
        return sentence`If you did not expect this, somebody may be reading the e-mails of “${name}”. Open the Administrators screen in the console, and choose “Undo recovery” before ${until}. ${undoes} of “${name}”.`;
      if (!isPrivileged)
        return sentence`If you did not add it, somebody may be reading your e-mails. Tell the representative of your organisation at once: a privileged administrator can undo the recovery before ${until}. ${undoes} of your account.`;
      const otherwise = isRepresentatives
        ? sentence`If you have no older passkey, ask another privileged administrator, or write to the operator of the service: ${new OwnText(contact)}.`
        : sentence`If you have no older passkey, ask another privileged administrator.`;
      return sentence`If you did not add it, somebody may be reading your e-mails. Sign in with an older passkey, open the Administrators screen in the console, and choose “Undo recovery” before ${until}. ${undoes} of your account. ${new OwnText(otherwise)}`;
    },
  },
  ja: {
    ifNotExpected: ({ isRepresentatives, contact }) =>
      isRepresentatives
        ? sentence`ご自身で追加していない場合は、アカウントが第三者に使用されているおそれがあります。コンソールでこのパスキーを削除し、すぐにサービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。運営者がメールアドレスを変更すると、すべてのセッションが終了し、パスキーが削除されます。`
        : sentence`ご自身で追加していない場合は、アカウントが第三者に使用されているおそれがあります。コンソールでこのパスキーを削除し、すぐに貴組織の担当者にご連絡ください。特権管理者があなたを管理者から削除すると、すべてのセッションが終了し、パスキーが削除されます。`,
    ifRecoveryNotExpected: ({ name, isOwn, isPrivileged, isRepresentatives, contact }, until) => {
      const undoes = new OwnText('新しいパスキーが削除され、すべてのセッションが終了します。');
      if (!isOwn)
        return sentence`この操作に心当たりがない場合は、「${name}」さんのメールが第三者に読まれているおそれがあります。${until}までに、コンソールの「管理者」画面で「リカバリーを取り消す」を選択してください。取り消すと、「${name}」さんの${undoes}`;
      if (!isPrivileged)
        return sentence`ご自身で追加していない場合は、第三者にメールを読まれているおそれがあります。すぐに貴組織の担当者にご連絡ください。特権管理者は、${until}までリカバリーを取り消せます。取り消すと、あなたの${undoes}`;
      const otherwise = isRepresentatives
        ? sentence`以前のパスキーがない場合は、ほかの特権管理者またはサービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`
        : sentence`以前のパスキーがない場合は、ほかの特権管理者にご依頼ください。`;
      return sentence`ご自身で追加していない場合は、第三者にメールを読まれているおそれがあります。以前のパスキーでサインインし、${until}までに、コンソールの「管理者」画面で「リカバリーを取り消す」を選択してください。取り消すと、あなたの${undoes}${new OwnText(otherwise)}`;
    },
  },
} satisfies Record<'en' | 'ja', Advice>;
