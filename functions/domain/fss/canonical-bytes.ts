/**
 * Returns the bytes that a base64url text without padding stands for. Returns undefined if the number of the bytes is
 * not `length`, or the text is not the one canonical text of these bytes. Node also decodes texts with wrong characters
 * or with unused bits, so that `YQ` and `YR` would be the same byte.
 */
export function canonicalBytes(text: string, length: number): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === text ? bytes : undefined;
}
