/** The text in the name of a credential that the name of the authenticator replaces. */
const PLACEHOLDER = '$authenticator';
/** The name of an authenticator that is unknown. */
const UNKNOWN = 'Passkey';
/** The maximum length of a name, in UTF-16 code units. */
const MAX_LENGTH = 200;

/**
 * The name that the RP sent, which may contain `$authenticator`, or a function that returns the name if the
 * authenticator has the given name.
 */
export type NameTemplate = string | ((authenticatorName: string | null) => string);

/**
 * Returns the name of a credential. `template` is `$authenticator` by default. Each `$authenticator` in a text is
 * replaced by the name of the authenticator, or by "Passkey" if the name is null. Cuts a name of more than 200 UTF-16
 * code units.
 */
export function credentialNameOf(template: NameTemplate | undefined, authenticatorName: string | null): string {
  const name =
    typeof template === 'function'
      ? template(authenticatorName)
      : (template ?? PLACEHOLDER).replaceAll(PLACEHOLDER, () => authenticatorName ?? UNKNOWN);
  return name.length <= MAX_LENGTH ? name : withoutHalf(name.slice(0, MAX_LENGTH));
}

/** Returns a text without the half of a surrogate pair at its end. */
const withoutHalf = (text: string) => text.replace(/[\uD800-\uDBFF]$/, '');
