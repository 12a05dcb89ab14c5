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
    onlyPrivileged: 'Only privileged administrators can change the representative.',
    name: 'Name',
    email: 'E-mail address',
    undeliverable: 'E-mails to this address are not delivered',
    undeliverableMeans:
      'The representative gets no MAU alerts and no sign-in links. The representative can change the address in the account menu. If the representative cannot sign in, choose another representative or contact the operator of the service.',
  },
  ja: {
    title: '担当者',
    change: '変更',
    changeTitle: '担当者の変更',
    onlyPrivileged: '担当者を変更できるのは特権管理者のみです。',
    name: '氏名',
    email: 'メールアドレス',
    undeliverable: 'このアドレスにメールが届いていません',
    undeliverableMeans:
      '担当者にMAUアラートもサインイン用のリンクも届きません。担当者ご本人がアカウントメニューでアドレスを変更してください。サインインできない場合は、別の管理者を担当者にするか、サービスの運営者にご連絡ください。',
  },
} satisfies Texts<object>;

/** Shows the customer's representative. */
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
