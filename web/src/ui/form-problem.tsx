import { fieldErrorsOf } from '../api/problem.ts';
import { Failure } from './failure.tsx';

/**
 * Says what is wrong with a form as a whole, where nothing can be shown at its fields.
 *
 * @param error what the client threw, null when nothing was
 * @param fields the paths of the form's fields, which show their own errors
 */
export function FormProblem({ error, fields }: { readonly error: unknown; readonly fields: readonly string[] }) {
  if (error === null || error === undefined) return null;
  const paths = Object.keys(fieldErrorsOf(error));
  if (paths.length > 0 && paths.every((path) => fields.includes(path))) return null;
  return <Failure error={error} />;
}
