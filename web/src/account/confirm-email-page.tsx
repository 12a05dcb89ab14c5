import { Alert, Anchor, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'wouter';
import { confirmEmailMutation } from '../client/@tanstack/react-query.gen.ts';
import { useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { FrontPage } from '../ui/page/front-page.tsx';
import { texts } from './texts.ts';

export interface ConfirmEmailPageProps {
  /** The token of the e-mailed link. Undefined if the page was opened without a link. */
  readonly token: string | undefined;
  /** Forgets the token. Called when the person follows the link to the console. */
  readonly onLeave: () => void;
}

/**
 * Confirms a new e-mail address with the token of the link that was e-mailed to this address. The page needs no
 * session. The link works once, so the page uses the token only when the person clicks the button. A mail scanner that
 * only opens the page leaves the link valid.
 */
export default function ConfirmEmailPage({ token, onLeave }: ConfirmEmailPageProps) {
  const text = useText(texts).confirmEmail;
  const queryClient = useQueryClient();
  const confirm = useMutation({
    ...confirmEmailMutation(),
    // Reads all cached data again, because the session, the list of administrators and the customer contain the
    // address.
    onSuccess: () => queryClient.invalidateQueries(),
  });
  const toConsole = (
    <Anchor component={Link} href="/" onClick={onLeave}>
      {text.toConsole}
    </Anchor>
  );
  if (confirm.isSuccess) {
    return (
      <FrontPage key="confirmed" title={text.title}>
        <Alert role="status" color="green" title={text.confirmedTitle}>
          {text.confirmed(confirm.data.email)}
        </Alert>
        {toConsole}
      </FrontPage>
    );
  }
  if (token === undefined) {
    return (
      <FrontPage title={text.title}>
        <Text>{text.noLink}</Text>
        {toConsole}
      </FrontPage>
    );
  }
  return (
    <FrontPage title={text.title}>
      <Text>{text.explanation}</Text>
      <ActionButton
        loading={confirm.isPending}
        onClick={() => {
          confirm.mutate({ body: { token } });
        }}
      >
        {text.confirm}
      </ActionButton>
      {confirm.isError && (
        <>
          <Failure error={confirm.error} says={{ unauthenticated: text.refused, 'already-exists': text.taken }} />
          {toConsole}
        </>
      )}
    </FrontPage>
  );
}
