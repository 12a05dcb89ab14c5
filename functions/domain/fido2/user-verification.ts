import { fieldError } from '../../contract/errors/field-errors.ts';
import type { RpSettings } from '../../table/rp-settings.ts';
import { InvalidInputError } from '../errors.ts';

/**
 * Returns the user verification of a ceremony: the one that the request asks for, or else that of the settings. Throws
 * `InvalidInputError` with `pointer` when the settings require user verification and the request asks for less.
 */
export function userVerificationOf(
  asked: RpSettings['userVerification'] | undefined,
  settings: Pick<RpSettings, 'userVerification'>,
  pointer: `#/${string}`,
): RpSettings['userVerification'] {
  if (settings.userVerification === 'required' && asked !== undefined && asked !== 'required') {
    throw new InvalidInputError([fieldError(pointer, 'less-than-the-setting')]);
  }
  return asked ?? settings.userVerification;
}

/**
 * Returns a ceremony with the user verification that its end requires. If the settings require user verification now,
 * the ceremony does too, even if it began before.
 */
export const withFloor = <Ceremony extends Pick<RpSettings, 'userVerification'>>(
  ceremony: Ceremony,
  { userVerification }: Pick<RpSettings, 'userVerification'>,
): Ceremony => (userVerification === 'required' ? { ...ceremony, userVerification } : ceremony);
