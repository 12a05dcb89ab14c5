import { Alert, Anchor, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'wouter';
import { requestSignInLinkMutation, signUpCustomerMutation } from '../client/@tanstack/react-query.gen.ts';
import { PlansLink } from '../plans/plans-link.tsx';
import { useLanguage, useText } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { Form } from '../ui/form/form.tsx';
import { FrontPage } from '../ui/page/front-page.tsx';
import { useFieldErrors } from '../ui/form/use-field-errors.ts';
import { useLinkLimitText } from '../ui/use-link-limit-text.ts';
import { texts } from './texts.ts';

const initialValues = {
  customer: { name: '', address: '', phoneNumber: '' },
  representative: { name: '', email: '' },
};
const fields = [
  'customer.name',
  'customer.address',
  'customer.phoneNumber',
  'representative.name',
  'representative.email',
];

/** Signs a customer up. The service e-mails an activation link to the representative. */
export default function SignUpPage() {
  const text = useText(texts).signUp;
  const { language } = useLanguage();
  const form = useForm({ initialValues });
  const fieldErrorsOf = useFieldErrors();
  const signUp = useMutation({
    ...signUpCustomerMutation(),
    onError: (error) => {
      form.setErrors(fieldErrorsOf(error));
    },
  });
  if (signUp.isSuccess) {
    return (
      <FrontPage key="sent" title={text.title}>
        <Alert role="status" title={text.sentTitle}>
          {text.sent(form.values.representative.email)}
        </Alert>
        <SendAgain email={form.values.representative.email} />
        <Anchor component={Link} href="/sign-in">
          {text.toSignIn}
        </Anchor>
      </FrontPage>
    );
  }
  return (
    <FrontPage title={text.title}>
      <Text>
        {text.explanation} <PlansLink underline="always" />
      </Text>
      <Form
        form={form}
        onSubmit={({ customer, representative }) => {
          signUp.mutate({ body: { customer, representative: { ...representative, language } } });
        }}
      >
        <TextInput
          label={text.customerName}
          required
          maxLength={200}
          autoComplete="organization"
          {...form.getInputProps('customer.name')}
        />
        <Textarea
          label={text.address}
          autosize
          maxLength={500}
          autoComplete="street-address"
          {...form.getInputProps('customer.address')}
        />
        <TextInput
          label={text.phoneNumber}
          type="tel"
          maxLength={30}
          autoComplete="tel"
          {...form.getInputProps('customer.phoneNumber')}
        />
        <TextInput
          label={text.yourName}
          description={text.yourNameFor}
          required
          maxLength={200}
          autoComplete="name"
          {...form.getInputProps('representative.name')}
        />
        <TextInput
          label={text.email}
          type="email"
          required
          autoComplete="email"
          {...form.getInputProps('representative.email')}
        />
        <FormProblem error={signUp.error} fields={fields} />
        <ActionButton type="submit" loading={signUp.isPending}>
          {text.signUp}
        </ActionButton>
        <Text size="sm">
          {text.haveAccount}{' '}
          <Anchor component={Link} href="/sign-in" underline="always">
            {text.toSignIn}
          </Anchor>
        </Text>
      </Form>
    </FrontPage>
  );
}

/** Sends the activation link again, for a person who did not get the first e-mail. */
function SendAgain({ email }: { readonly email: string }) {
  const text = useText(texts).signUp;
  const limitText = useLinkLimitText();
  const request = useMutation(requestSignInLinkMutation());
  return (
    <>
      <Text size="sm">{text.nothing}</Text>
      <ActionButton
        variant="default"
        loading={request.isPending}
        onClick={() => {
          request.mutate({ body: { email } });
        }}
      >
        {text.sendAgain}
      </ActionButton>
      {request.isSuccess && <Alert role="status">{text.sentAgain(limitText(request.data.linkLimit))}</Alert>}
      <FormProblem error={request.error} fields={[]} />
    </>
  );
}
