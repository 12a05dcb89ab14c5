import { fieldErrorsOf } from '../../api/problem.ts';
import { useText } from '../../text/language.tsx';
import { fieldErrorTexts } from './field-error-texts.ts';

/** Gives what is wrong with the fields of a form, by their paths, in the present language. */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const known = useText(fieldErrorTexts);
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrorsOf(error)).map(([path, detail]) => [
        path,
        known.find(([said]) => said.test(detail))?.[1] ?? detail,
      ]),
    );
}
