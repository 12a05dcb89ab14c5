import { REGION } from './accounts.ts';
import { withCopies } from './deviations.ts';
import { testSubject, usePreflight } from './subjects.ts';

const tested = usePreflight();
testSubject('copies', tested, [
  ['copies', 'that the stage has not', {}, 'fine', 'the stage keeps no copies'],
  ['copies', 'in another region', { settings: withCopies }, 'fine', 'copies go to eu-west-1'],
  [
    'copies',
    'in the region of the stage',
    { settings: { copies: { region: REGION, lockDays: 30 } } },
    'hint',
    'copies go to eu-central-1, the region of the table, and would be lost with it → To keep them elsewhere, set',
  ],
]);
