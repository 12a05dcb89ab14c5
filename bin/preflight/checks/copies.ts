import { fine, hint, type Check } from '../check.ts';

/** Checks that the copies of statements and closing records survive the loss of the stage's region. */
export const copies: Check = {
  name: 'copies',
  run({ stage, region }) {
    if (!stage.copies) return fine('the stage keeps no copies');
    if (stage.copies.region !== region) return fine(`copies go to ${stage.copies.region}`);
    return hint(
      `copies go to ${region}, the region of the table, and would be lost with it`,
      'To keep them elsewhere, set another copies.region and deploy.',
    );
  },
};
