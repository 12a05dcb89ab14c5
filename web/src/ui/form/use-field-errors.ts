import { fieldErrorsOf } from '../../api/problem.ts';
import { useText } from '../../text/language.tsx';
import { fieldErrorTexts, textOfFieldError } from './field-error-texts.ts';

/**
 * Returns a function that describes, in the current language, the field errors that an error contains. The descriptions
 * are keyed by the path of the field.
 */
export function useFieldErrors(): (error: unknown) => Record<string, string> {
  const texts = useText(fieldErrorTexts);
  return (error) =>
    Object.fromEntries(
      Object.entries(fieldErrorsOf(error)).map(([path, fieldError]) => [path, textOfFieldError(texts, fieldError)]),
    );
}
