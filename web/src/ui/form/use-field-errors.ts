import { fieldErrorsOf } from '../../api/problem.ts';
import { useText } from '../../text/language.tsx';
import { fieldErrorTexts, textOfFieldError } from './field-error-texts.ts';

/** Returns a function that says what is wrong with the fields of a form, by their paths, in the present language. */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const texts = useText(fieldErrorTexts);
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrorsOf(error)).map(([path, fieldError]) => [path, textOfFieldError(texts, fieldError)]),
    );
}
