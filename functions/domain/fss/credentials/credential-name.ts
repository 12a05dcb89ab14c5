import { isBlank } from '../../../contract/values/texts.ts';
import type { FssCredentialName } from '../../../contract/fss/ceremonies.ts';
import type { NameTemplate } from '../../credentials/credential-name.ts';

/** The texts in a name that the service replaces. */
const PLACEHOLDERS = /\$(\$|modelName|authenticatorId)/g;

/**
 * Returns the function that names a new credential. If the name of the authenticator is known and the RP has sent a
 * name for this case, takes that name. Replaces `$modelName` with the name of the authenticator and `$$` with `$`. The
 * service does not read the serial numbers of enterprise attestations, so `$authenticatorId` becomes nothing, and the
 * name for such attestations is not used. A name of which nothing is left is the name of the authenticator, or
 * "Passkey". Returns undefined, which stands for the default name, if the RP has sent none.
 */
export function fssNameTemplate(asked: FssCredentialName | null | undefined): NameTemplate | undefined {
  if (!asked) return undefined;
  return (modelName) => {
    const template = (modelName === null ? undefined : asked.nameIfModelNameExists) ?? asked.name;
    const replacements: Readonly<Record<string, string>> = { $: '$', modelName: modelName ?? '', authenticatorId: '' };
    const name = template.replace(PLACEHOLDERS, (_, placeholder: string) => replacements[placeholder] ?? '').trim();
    return isBlank(name) ? (modelName ?? 'Passkey') : name;
  };
}
