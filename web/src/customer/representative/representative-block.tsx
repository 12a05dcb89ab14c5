import { Alert } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { Facts } from '../../ui/facts.tsx';
import { loadedLater } from '../../ui/page/loaded-later.ts';
import { EditableBlock } from '../editing/editable-block.tsx';

const ChangeRepresentative = loadedLater(() => import('./change-representative.tsx'));

const texts = {
  en: {
    title: 'Representative',
    change: 'Change',
    changeTitle: 'Change the representative',
    onlyPrivileged: 'Only privileged administrators may change the representative.',
    name: 'Name',
    email: 'E-mail address',
    undeliverable: 'E-mails to this address do not arrive',
    undeliverableMeans:
      'The representative gets no MAU alerts and no sign-in links. They can change the address in their account menu; otherwise make somebody else the representative, or ask the operator of the service.',
  },
  ja: {
    title: '代表者',
    change: '変更',
    changeTitle: '代表者の変更',
    onlyPrivileged: '代表者を変更できるのは特権管理者のみです。',
    name: '氏名',
    email: 'メールアドレス',
    undeliverable: 'このアドレスにメールが届いていません',
    undeliverableMeans:
      '代表者にMAUアラートもサインイン用のリンクも届きません。代表者ご本人がアカウントメニューでアドレスを変更するか、別の管理者を代表者にするか、サービスの運営者にご連絡ください。',
  },
} satisfies Texts<object>;

/** Who is in charge of the customer. */
export function RepresentativeBlock() {
  const text = useText(texts);
  return (
    <EditableBlock
      title={text.title}
      edit={text.change}
      permission="changeRepresentative"
      reason={text.onlyPrivileged}
      dialogTitle={text.changeTitle}
      dialog={ChangeRepresentative}
    >
      {({ representative: { name, email, undeliverable } }) => (
        <>
          <Facts
            facts={[
              [text.name, name],
              [text.email, email],
            ]}
          />
          {undeliverable && (
            <Alert color="yellow" role="status" title={text.undeliverable}>
              {text.undeliverableMeans}
            </Alert>
          )}
        </>
      )}
    </EditableBlock>
  );
}
