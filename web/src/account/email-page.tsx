import { Alert, List, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { changeEmailMutation } from '../client/@tanstack/react-query.gen.ts';
import { Reauthentication } from '../session/reauthentication.tsx';
import { useSession } from '../session/use-session.ts';
import { useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Block } from '../ui/block.tsx';
import { Facts } from '../ui/facts.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { Page } from '../ui/page/page.tsx';
import { useFieldErrors } from '../ui/form/use-field-errors.ts';
import { useLinkLimitText } from '../ui/use-link-limit-text.ts';
import { texts } from './texts.ts';

/**
 * Lets the person who is signed in change their own e-mail address. Other administrators cannot change this address.
 */
export default function EmailPage() {
  const text = useText(texts).email;
  const session = useSession();
  return (
    <Page title={text.title}>
      <Block title={text.change} query={session}>
        {({ administrator: { email } }) => (
          <>
            <Facts facts={[[text.present, email]]} />
            <Text>{text.follows}</Text>
            <List>
              {text.steps.map((step) => (
                <List.Item key={step}>{step}</List.Item>
              ))}
            </List>
            <EmailForm present={email} />
          </>
        )}
      </Block>
    </Page>
  );
}

function EmailForm({ present }: { readonly present: string }) {
  const text = useText(texts).email;
  const limitText = useLinkLimitText();
  const fieldErrorsOf = useFieldErrors();
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (email) => (email.trim().toLowerCase() === present ? text.same : null) },
  });
  const change = useMutation({
    ...changeEmailMutation(),
    onError: (error) => {
      form.setErrors(fieldErrorsOf(error));
    },
  });
  return (
    <Form
      form={form}
      onSubmit={(body) => {
        change.mutate({ body });
      }}
      maxWidth={400}
    >
      <TextInput
        label={text.wanted}
        type="email"
        required
        maxLength={254}
        autoComplete="email"
        {...form.getInputProps('email')}
      />
      <Reauthentication mutation={change}>
        <FormProblem error={change.error} fields={['email']} />
      </Reauthentication>
      <ActionButton type="submit" loading={change.isPending}>
        {text.send}
      </ActionButton>
      {change.isSuccess && (
        <Alert role="status" title={text.sentTitle}>
          {text.sent(change.variables.body.email, limitText(change.data.linkLimit))}
        </Alert>
      )}
    </Form>
  );
}
