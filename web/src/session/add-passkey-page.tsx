import { Alert, Button, List, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { usePasskeysChanged } from '../account/use-passkeys-changed.ts';
import type { Administrator } from '../client/types.gen.ts';
import { useText } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { FrontPage } from '../ui/page/front-page.tsx';
import { useFieldErrors } from '../ui/form/use-field-errors.ts';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { createPasskey } from './passkeys.ts';
import { texts } from './texts.ts';
import { SignInInstead } from './sign-in-instead.tsx';
import { SignOutButton } from './sign-out-button.tsx';
import { useSessionChanged } from './use-session.ts';

export interface AddPasskeyPageProps {
  /**
   * The administrator who registers the passkey. The page shows the administrator's name, because a person may have
   * opened somebody else's link.
   */
  readonly administrator: Administrator;
  /**
   * Whether the person already has a passkey but signed in with a link. If so, the person must register a new passkey
   * or sign in with an existing passkey before the person can do anything else.
   */
  readonly isRecovery: boolean;
  /** Continues without a passkey. */
  readonly onLater: () => void;
}

/** Asks a person who signed in with an e-mailed link to register a passkey. */
export default function AddPasskeyPage({ administrator, isRecovery, onLater }: AddPasskeyPageProps) {
  const text = useText(texts).addPasskey;
  const format = useFormat();
  const [openedAt] = useState(Date.now);
  const sessionChanged = useSessionChanged();
  const passkeysChanged = usePasskeysChanged();
  const form = useForm({
    initialValues: {
      // The lost passkey may have the default name. The date distinguishes the new passkey from the lost passkey.
      name: isRecovery ? `${text.firstName} (${format.date(openedAt)})` : text.firstName,
    },
  });
  const fieldErrorsOf = useFieldErrors();
  const create = useMutation({
    mutationFn: createPasskey,
    onSuccess: sessionChanged,
    onError: (error) => {
      form.setErrors(fieldErrorsOf(error));
      // The service may have stored the passkey even if its response was lost.
      void passkeysChanged();
    },
  });
  const isSupported = browserSupportsWebAuthn();
  return (
    <FrontPage title={isRecovery ? text.recoveryTitle : text.title}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {text.signedInAs(administrator.name, administrator.email)}
      </Text>
      <Text>{isRecovery ? text.recovery : text.explanation}</Text>
      <List size="sm">
        {text.reasons.map((reason) => (
          <List.Item key={reason}>{reason}</List.Item>
        ))}
      </List>
      {!isSupported && <Alert color="yellow">{text.notSupported}</Alert>}
      <Form
        form={form}
        onSubmit={({ name }) => {
          create.mutate(name);
        }}
      >
        <TextInput
          label={text.name}
          description={text.nameFor}
          required
          maxLength={200}
          {...form.getInputProps('name')}
        />
        <ActionButton type="submit" loading={create.isPending} disabled={!isSupported}>
          {text.register}
        </ActionButton>
        <CeremonyProblem error={create.error}>
          <FormProblem error={create.error} fields={['name']} says={{ validation: text.refused }} />
        </CeremonyProblem>
        {isRecovery ? (
          <SignInInstead />
        ) : (
          <Button variant="subtle" onClick={onLater}>
            {text.later}
          </Button>
        )}
        <SignOutButton />
      </Form>
    </FrontPage>
  );
}
