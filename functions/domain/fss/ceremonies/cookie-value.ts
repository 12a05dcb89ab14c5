import { bytes } from '../../../contract/values/bytes.ts';
import type { FssRequest } from '../fss-call.ts';
import { sessionInvalid } from '../fss-errors.ts';

/** The text of a sealed ceremony. Browsers keep at most 4,096 bytes of a cookie. */
const sealedCeremony = bytes(4_096);

/** Returns the sealed ceremony in the cookie. Throws `FssError` with `INVALID_SESSION` when there is none. */
export function cookieValue({ cookie }: FssRequest): string {
  const { data } = sealedCeremony.safeParse(cookie);
  if (data === undefined) throw sessionInvalid();
  return data;
}
