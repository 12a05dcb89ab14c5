import { Alert, Anchor, Divider, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link, useLocation } from 'wouter';
import { requestSignInLinkMutation } from '../client/@tanstack/react-query.gen.ts';
import { useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { FrontPage } from '../ui/page/front-page.tsx';
import { useFieldErrors } from '../ui/form/use-field-errors.ts';
import { useLinkLimitText } from '../ui/use-link-limit-text.ts';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { signInWithPasskey, signsIn } from './passkeys.ts';
import { rememberRequestedPage } from './requested-page.ts';
import { texts } from './texts.ts';
import { usePasskeyAutofill } from './use-passkey-autofill.ts';
import { useSessionChanged, useSessionContinued } from './use-session.ts';

export interface SignInPageProps {
  /** Whether the person was signed in before. @default false */
  readonly hasEnded?: boolean;
  /** Whether a page with unsaved input waits, hidden, until the person signs in again. @default false */
  readonly isAwaited?: boolean;
}

/** Signs a person in with a passkey. Sends a link to a person who has no passkey or has lost theirs. */
export default function SignInPage({ hasEnded = false, isAwaited = false }: SignInPageProps) {
  const text = useText(texts).signIn;
  const changed = useSessionChanged();
  const continued = useSessionContinued();
  const [path, navigate] = useLocation();
  const onSignedIn = async () => {
    // If the session ended while the person was on another page, the person returns to that page after signing in.
    if (path === '/sign-in') navigate('/', { replace: true });
    await (isAwaited ? continued() : changed());
  };
  const signIn = useMutation({ ...signsIn, mutationFn: signInWithPasskey, onSuccess: onSignedIn });
  const offeredError = usePasskeyAutofill({ isOffered: !signIn.isPending && !signIn.isSuccess, onSignedIn });
  const error = signIn.error ?? offeredError;

  return (
    <FrontPage title={text.title}>
      {hasEnded && <Alert role="status">{isAwaited ? text.endedUnsaved : text.ended}</Alert>}
      <ActionButton
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate();
        }}
      >
        {text.withPasskey}
      </ActionButton>
      <CeremonyProblem error={error}>
        <Failure error={error} says={{ unauthenticated: text.refused }} />
      </CeremonyProblem>
      <Divider label={text.or} />
      <LinkForm />
      <Text size="sm">
        {text.noAccount}{' '}
        <Anchor component={Link} href="/sign-up" underline="always">
          {text.signUp}
        </Anchor>
      </Text>
    </FrontPage>
  );
}

function LinkForm() {
  const text = useText(texts).signIn;
  const limitText = useLinkLimitText();
  const form = useForm({ initialValues: { email: '' } });
  const fieldErrorsOf = useFieldErrors();
  const request = useMutation({
    ...requestSignInLinkMutation(),
    onSuccess: rememberRequestedPage,
    onError: (error) => {
      form.setErrors(fieldErrorsOf(error));
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        request.mutate({ body });
      }}
    >
      <TextInput
        label={text.email}
        description={text.linkFor}
        type="email"
        required
        // "webauthn" makes the browser offer passkeys in the field's autofill.
        autoComplete="username webauthn"
        {...form.getInputProps('email')}
      />
      <ActionButton type="submit" variant="default" loading={request.isPending}>
        {text.sendLink}
      </ActionButton>
      {request.isSuccess && <Alert role="status">{text.linkSent(limitText(request.data.linkLimit))}</Alert>}
      <FormProblem error={request.error} fields={['email']} />
    </Form>
  );
}
