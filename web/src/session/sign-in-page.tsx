import { Alert, Anchor, Button, Divider, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { browserSupportsWebAuthnAutofill, WebAuthnAbortService } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { Link, useLocation } from 'wouter';
import { requestSignInLinkMutation } from '../client/@tanstack/react-query.gen.ts';
import { useText } from '../text/language.tsx';
import { FormProblem } from '../ui/form-problem.tsx';
import { FrontPage } from '../ui/front-page.tsx';
import { useFieldErrors } from '../ui/use-field-errors.ts';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { signInWithPasskey } from './passkeys.ts';
import { texts } from './texts.ts';
import { useSessionChanged } from './use-session.ts';

/** Challenges work for 5 minutes; the one behind the autofill is renewed before. */
const OFFERED_ANEW_EVERY = 4 * 60_000;

/** Signs in with a passkey, or sends a link to whoever has none yet or lost it. */
export function SignInPage({ hasEnded = false }: { readonly hasEnded?: boolean }) {
  const text = useText(texts).signIn;
  const sessionChanged = useSessionChanged();
  const [, navigate] = useLocation();
  const onSuccess = async () => {
    navigate('/');
    await sessionChanged();
  };
  const signIn = useMutation({ mutationFn: signInWithPasskey, onSuccess });
  const offered = useMutation({ mutationFn: signInWithPasskey, onSuccess });
  const offer = useEffectEvent(() => {
    offered.mutate({ offer: true });
  });

  useEffect(() => {
    let isLeft = false;
    let timer: ReturnType<typeof setInterval> | undefined;
    void browserSupportsWebAuthnAutofill().then((isSupported) => {
      if (!isSupported || isLeft) return;
      offer();
      timer = setInterval(offer, OFFERED_ANEW_EVERY);
    });
    return () => {
      isLeft = true;
      clearInterval(timer);
      WebAuthnAbortService.cancelCeremony();
    };
  }, []);

  return (
    <FrontPage title={text.title}>
      {hasEnded && <Alert role="status">{text.ended}</Alert>}
      <Button
        loading={signIn.isPending}
        onClick={() => {
          signIn.mutate({ offer: false });
        }}
      >
        {text.withPasskey}
      </Button>
      <CeremonyProblem error={signIn.error} />
      <Divider label={text.or} />
      <LinkForm />
      <Text size="sm">
        {text.noAccount}{' '}
        <Anchor component={Link} href="/sign-up">
          {text.signUp}
        </Anchor>
      </Text>
    </FrontPage>
  );
}

function LinkForm() {
  const text = useText(texts).signIn;
  const form = useForm({ initialValues: { email: '' } });
  const fieldErrorsOf = useFieldErrors();
  const request = useMutation({
    ...requestSignInLinkMutation(),
    onError: (error) => {
      form.setErrors(fieldErrorsOf(error));
    },
  });
  return (
    <form
      onSubmit={form.onSubmit((body) => {
        request.mutate({ body });
      })}
    >
      <Stack gap="sm">
        <TextInput
          label={text.email}
          description={text.linkFor}
          type="email"
          required
          // "webauthn" has the browser offer passkeys where it fills in addresses.
          autoComplete="username webauthn"
          {...form.getInputProps('email')}
        />
        <Button type="submit" variant="default" loading={request.isPending}>
          {text.sendLink}
        </Button>
        {request.isSuccess && <Alert role="status">{text.linkSent}</Alert>}
        <FormProblem error={request.error} fields={['email']} />
      </Stack>
    </form>
  );
}
