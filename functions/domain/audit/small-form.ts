import { toIso } from '../time.ts';

/**
 * The maximum lengths of texts in a small form, in bytes. The first length with which the form is small enough wins.
 */
const LENGTHS = [100, 40, 15];
/** The maximum number of elements of a list in a small form. */
const MAX_ELEMENTS = 5;
const CUT = '…';

/** Returns a text, or its beginning and an ellipsis, with at most `max` bytes of UTF-8. Cuts no character in two. */
export function cut(text: string, max: number): string {
  if (Buffer.byteLength(text) <= max) return text;
  let size = Buffer.byteLength(CUT);
  let end = 0;
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > max) break;
    end += character.length;
  }
  return `${text.slice(0, end)}${CUT}`;
}

/**
 * Returns the values before and after a change in the form in which an audit entry contains them: as JSON text of at
 * most `max` bytes each. Leaves out the values that are the same before and after. Converts the times, whose names end
 * with `At`, `Until` or `From`, to ISO 8601. Cuts long texts and lists. If a form is still too large, leaves out the
 * values and keeps the names of as many of them as fit.
 */
export function smallForms(
  before: unknown,
  after: unknown,
  max: number,
): { readonly before?: string | undefined; readonly after?: string | undefined } {
  const [old, current] = [fieldsOf(before), fieldsOf(after)];
  const isSame = (name: string) => old && current && JSON.stringify(old[name]) === JSON.stringify(current[name]);
  const formOf = (fields: Fields | undefined) =>
    fields && smallForm(Object.fromEntries(Object.entries(fields).filter(([name]) => !isSame(name))), max);
  return { before: formOf(old), after: formOf(current) };
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === 'object' && value !== null ? (value as Fields) : undefined;

function smallForm(fields: Fields, max: number): string | undefined {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (present.length === 0) return undefined;
  for (const length of LENGTHS) {
    const text = JSON.stringify(Object.fromEntries(present.map(([name, value]) => [name, small(name, value, length)])));
    if (Buffer.byteLength(text) <= max) return text;
  }
  const names = present.map(([name]) => name);
  while (names.length > 0) {
    const text = JSON.stringify({ changed: names });
    if (Buffer.byteLength(text) <= max) return text;
    names.pop();
  }
  return undefined;
}

function small(name: string, value: unknown, length: number): unknown {
  if (typeof value === 'number') return /(?:At|Until|From)$/.test(name) ? toIso(value) : value;
  if (typeof value === 'string') return cut(value, length);
  if (Array.isArray(value)) {
    const elements = value.slice(0, MAX_ELEMENTS).map((element) => small('', element, length));
    return value.length > MAX_ELEMENTS ? [...elements, CUT] : elements;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, one]) => [field, small(field, one, length)]));
}
