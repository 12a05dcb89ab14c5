import { fieldErrorsOf } from '../../api/problem.ts';
import { useText } from '../../text/language.tsx';
import { fieldErrorTexts, textOfFieldError } from './field-error-texts.ts';

/**
 * Returns a function that describes the field errors in an error in the current language. The descriptions are keyed by
 * the path of the field.
 */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const texts = useText(fieldErrorTexts);
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrorsOf(error)).map(([path, fieldError]) => [path, textOfFieldError(texts, fieldError)]),
    );
}
