import { fieldErrorsOf } from '../../api/problem.ts';
import { Failure, type FailureProps } from '../page/failure.tsx';

export interface FormProblemProps extends Pick<FailureProps, 'says'> {
  /** The error that the API client threw, or null. */
  readonly error: unknown;
  /** The paths of the form's fields, which show their own errors. */
  readonly fields: readonly string[];
}

/**
 * Shows the error of a form. Shows nothing if the error consists only of field errors that the form shows beside its
 * fields.
 */
export function FormProblem({ error, fields, says }: FormProblemProps) {
  if (error === null || error === undefined) return null;
  const paths = Object.keys(fieldErrorsOf(error));
  if (paths.length > 0 && paths.every((path) => fields.includes(path))) return null;
  return <Failure error={error} {...(says && { says })} />;
}
