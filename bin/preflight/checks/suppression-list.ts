import { fine, toDo, type Check } from '../check.ts';

/**
 * Checks that the preflight may read the suppression list of SES, and that the addresses in the stage's settings are
 * not on the list. SES delivers nothing to an address on the list, such as the e-mails of a smoke test.
 */
export const suppressionList: Check = {
  name: 'suppression list',
  async run({ aws, stage, region }) {
    const addresses = [...new Set([stage.operator, stage.contact])];
    const answers = await Promise.all(addresses.map((address) => aws.suppressed(address)));
    const listed = addresses.filter((_, index) => answers[index] !== undefined);
    if (listed.length === 0)
      return fine(`${addresses.join(' and ')} ${addresses.length === 1 ? 'is' : 'are'} not on it`);
    return toDo(
      `SES delivers nothing to ${listed.join(' and ')}`,
      listed
        .map((address) => `aws sesv2 delete-suppressed-destination --region ${region} --email-address ${address}`)
        .join('; '),
    );
  },
};
