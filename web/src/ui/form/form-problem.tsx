import { fieldErrorsOf } from '../../api/problem.ts';
import { Failure, type FailureProps } from '../page/failure.tsx';

export interface FormProblemProps extends Pick<FailureProps, 'says'> {
  /** The value that the client threw; null when it threw nothing. */
  readonly error: unknown;
  /** The paths of the form's fields, which show their own errors. */
  readonly fields: readonly string[];
}

/** Says what is wrong with a form as a whole, where nothing can be shown at its fields. */
export function FormProblem({ error, fields, says }: FormProblemProps) {
  if (error === null || error === undefined) return null;
  const paths = Object.keys(fieldErrorsOf(error));
  if (paths.length > 0 && paths.every((path) => fields.includes(path))) return null;
  return <Failure error={error} {...(says && { says })} />;
}
