import { fieldErrorsOf } from '../api/problem.ts';
import { Failure, type FailureProps } from './failure.tsx';

/**
 * Says what is wrong with a form as a whole, where nothing can be shown at its fields.
 *
 * @param error what the client threw, null when nothing was
 * @param fields the paths of the form's fields, which show their own errors
 * @param texts what to say of a problem here, by its slug
 */
export function FormProblem({
  error,
  fields,
  texts,
}: Pick<FailureProps, 'error' | 'texts'> & { readonly fields: readonly string[] }) {
  if (error === null || error === undefined) return null;
  const paths = Object.keys(fieldErrorsOf(error));
  if (paths.length > 0 && paths.every((path) => fields.includes(path))) return null;
  return <Failure error={error} texts={texts} />;
}
