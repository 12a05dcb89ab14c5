import { describe, expect, it } from 'vitest';
import { fieldErrorKinds, type FieldErrorCode } from '../../functions/contract/errors/field-error-kinds.ts';
import { fieldErrorTexts, textOfFieldError } from '../../web/src/ui/form/field-error-texts.ts';

const codes = Object.keys(fieldErrorKinds) as FieldErrorCode[];
/** A value for every parameter that a field error may have. */
const parameters = {
  min: 7,
  max: 77,
  expected: 'integer',
  values: ['one', 'other'],
  fields: ['name'],
  earliest: '2025-10',
} as const;
const errorOf = (code: FieldErrorCode, more: object = parameters) => ({
  ...{ pointer: '#/name', code, detail: 'The detail of the service' },
  ...more,
});

describe.each(['en', 'ja'] as const)('the console in the language %s', (language) => {
  const texts = fieldErrorTexts[language];

  it('has texts for exactly the codes that a field error may have', () => {
    expect(Object.keys(texts).sort()).toEqual(codes.toSorted());
  });

  it.each(codes)('shows its own text for the code %s, and fills in the parameters', (code) => {
    const text = textOfFieldError(texts, errorOf(code));
    expect(text).not.toBe('The detail of the service');
    expect(text).toMatch(/./);
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(/[\u3040-\u30ff]/.test(text)).toBe(language === 'ja');
  });

  it('shows the limits and the allowed values of a field error', () => {
    expect(textOfFieldError(texts, errorOf('too-long'))).toContain('77');
    expect(textOfFieldError(texts, errorOf('too-small'))).toContain('7');
    expect(textOfFieldError(texts, errorOf('unknown-value'))).toMatch(/one.+other/);
  });

  it('does not state a minimum length for an empty field', () => {
    expect(textOfFieldError(texts, errorOf('too-short', { min: 1 }))).not.toContain('1');
  });

  it('shows the service’s text for an unknown code', () => {
    const unknown = { ...errorOf('required'), code: 'toString' as FieldErrorCode };
    expect(textOfFieldError(texts, unknown)).toBe('The detail of the service');
  });
});
