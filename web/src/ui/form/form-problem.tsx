import { fieldErrorsOf } from '../../api/problem.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Failure, type FailureProps } from '../page/failure.tsx';

const texts = {
  en: { unauthenticated: 'Nothing was saved, because your session had ended. Try again.' },
  ja: { unauthenticated: 'セッションが終了していたため、保存されませんでした。もう一度お試しください。' },
} satisfies Texts<object>;

export interface FormProblemProps extends Pick<FailureProps, 'says'> {
  /** The error that the API client threw, or null. */
  readonly error: unknown;
  /** The paths of the form's fields, which show their own errors. */
  readonly fields: readonly string[];
}

/**
 * Shows the error of a form. Shows nothing if the error consists only of field errors that the form shows beside its
 * fields. If the session had ended, the form waits behind the sign-in page, and the person reads the error after that.
 */
export function FormProblem({ error, fields, says }: FormProblemProps) {
  const text = useText(texts);
  if (error === null || error === undefined) return null;
  const paths = Object.keys(fieldErrorsOf(error));
  if (paths.length > 0 && paths.every((path) => fields.includes(path))) return null;
  return <Failure error={error} says={{ ...text, ...says }} />;
}
