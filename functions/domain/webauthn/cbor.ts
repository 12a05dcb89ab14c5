import { decodeCBOR, encodeCBOR, type CBORType } from '@levischuck/tiny-cbor';

/** How many maps, arrays and tags may be nested. CTAP2 allows 4 levels in a message of an authenticator. */
const MAX_DEPTH = 8;

/** The major types of CBOR (RFC 8949, 3.1) whose items contain bytes or other items. */
const [BYTES, TEXT, ARRAY, MAP, TAG] = [2, 3, 4, 5, 6];

/**
 * Returns the offset of the first byte after the CBOR item that begins at `start`. Throws if the item ends after the
 * bytes, if it has an indefinite length, which CTAP2 forbids, or if it is nested more than 8 times. The decoder
 * tiny-cbor cuts off a byte string that ends after the bytes, without an error.
 */
export function endOfItem(bytes: Uint8Array, start: number, depth = 0): number {
  if (depth > MAX_DEPTH) throw new Error('The CBOR is nested too deeply');
  const [argument, begin] = argumentAt(bytes, start);
  const major = (bytes[start] ?? 0) >> 5;
  if (major === BYTES || major === TEXT) return within(bytes, begin + argument);
  const items = { [ARRAY]: argument, [MAP]: 2 * argument, [TAG]: 1 }[major] ?? 0;
  let end = begin;
  for (let item = 0; item < items; item++) end = endOfItem(bytes, end, depth + 1);
  return end;
}

/**
 * Returns the argument of the CBOR item that begins at `start`, and the offset of the first byte after the argument.
 */
function argumentAt(bytes: Uint8Array, start: number): readonly [argument: number, end: number] {
  within(bytes, start + 1);
  const short = (bytes[start] ?? 0) & 0x1f;
  if (short < 24) return [short, start + 1];
  if (short > 27) throw new Error('The CBOR has an indefinite length');
  const end = within(bytes, start + 1 + (1 << (short - 24)));
  let argument = 0;
  for (const byte of bytes.subarray(start + 1, end)) argument = 256 * argument + byte;
  return [argument, end];
}

function within(bytes: Uint8Array, end: number): number {
  if (end > bytes.length) throw new Error('The CBOR ends too early');
  return end;
}

/**
 * Returns the value of the CBOR item that fills `bytes`. Throws if the item is malformed or if other bytes follow it.
 */
export function decodeCbor(bytes: Uint8Array): unknown {
  if (endOfItem(bytes, 0) !== bytes.length) throw new Error('Other bytes follow the CBOR');
  return decodeCBOR(new Uint8Array(bytes));
}

/** Returns whether `bytes` is the shortest encoding of `value` with the members in the same order, as in CTAP2. */
export const isShortestCbor = (bytes: Uint8Array, value: CBORType): boolean =>
  Buffer.compare(encodeCBOR(value), bytes) === 0;

/** Returns the encoding of a map, with its members in the order of the map. */
export const encodeCborMap = (members: ReadonlyMap<number, number | Uint8Array>): Uint8Array =>
  encodeCBOR(new Map(members));
