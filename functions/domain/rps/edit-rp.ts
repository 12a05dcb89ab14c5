import { fieldError } from '../../contract/errors/field-errors.ts';
import type { RpDetailsView } from '../../contract/rp-views.ts';
import type { RpEdit } from '../../contract/rps.ts';
import { checkCaller } from '../../table/administrators.ts';
import { transact } from '../../table/engine/transaction.ts';
import { putRpSettings, type RpSettings } from '../../table/rp-settings.ts';
import { editRp as update } from '../../table/rps.ts';
import { newChange } from '../audit/new-change.ts';
import type { Change } from '../change-log.ts';
import type { AdministratorCaller } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { lostRights, noSuchRp, staleRpVersion } from '../refusals.ts';
import type { VerifyingServices } from './domain-verification.ts';
import { readRpAndSettings, rpDetailsView, type RpAndSettings } from './rp-details.ts';
import { DEFAULT_SETTINGS } from './rp-settings.ts';
import { editedSettings, faultsOf } from './settings-rules.ts';

/**
 * Edits the name or the settings of an RP of the caller's customer, and returns the RP. `version` is the version that
 * the client read; without it, the edit applies to the current version. Throws `NotFoundError` when the customer has no
 * such RP, `VersionConflictError` when the RP no longer has the version `version`, `InvalidInputError` when a setting
 * breaks a rule, and `UnauthenticatedError` when the caller has lost their rights.
 *
 * One transaction writes the RP and its settings, so if the process dies, either both are edited or nothing is. Every
 * edit increases the version in the settings' item, so two edits never mix:
 *
 *     A reads version 1                    B reads version 1
 *     A writes version 2                   …
 *                                          B's write fails: the version is 2
 *                                          B reads version 2, and applies its edit to it; with `If-Match`, B gets 412
 *
 * User names can be made unique only while the RP has no users. The registration of a user and this edit write the same
 * item, and each has a condition on what the other writes:
 *
 *     A reads: names need not be unique    B reads: no users
 *     A registers the first user           …
 *                                          B's write fails: the RP has a user
 *     or
 *     …                                    B makes names unique
 *     A's write fails: the RP's item has `uniqueUserNames`
 */
export async function editRp(
  services: VerifyingServices,
  caller: AdministratorCaller,
  id: string,
  edit: RpEdit,
  version: number | undefined,
): Promise<RpDetailsView> {
  for (;;) {
    const before = await readRpAndSettings(services, caller, id);
    if (version !== undefined && version !== before.stored.version) throw staleRpVersion();
    const after = await edited(before, edit);
    const change = changeOf(services, caller, before, after);
    const failures = await transact(services.table, {
      audit: change.write,
      rp: update(before.rp, {
        name: after.rp.name,
        wereUnique: before.stored.settings.uniqueUserNames === true,
        areUnique: after.stored.settings.uniqueUserNames === true,
      }),
      settings: putRpSettings(after.rp, after.stored),
      caller: checkCaller(caller.administrator),
    });
    if (!failures) {
      change.log();
      return rpDetailsView(services, after);
    }
    if (failures.caller) throw lostRights();
    if (failures.rp && !failures.rp.item) throw noSuchRp();
    // If another edit was faster, the loop reads its result, and decides again.
    if (!failures.settings) throw new InvalidInputError([fieldError('#/settings/uniqueUserNames', 'rp-has-users')]);
  }
}

/** Returns an RP and its settings after an edit. Throws `InvalidInputError` when a setting breaks a rule. */
async function edited({ rp, stored }: RpAndSettings, { name = rp.name, settings }: RpEdit): Promise<RpAndSettings> {
  const after = settings ? editedSettings(stored.settings, settings) : stored.settings;
  const faults = settings ? await faultsOf(rp.rpId, { ...DEFAULT_SETTINGS, ...after }, settings) : [];
  if (faults.length > 0) throw new InvalidInputError(faults);
  return { rp: { ...rp, name }, stored: { settings: after, version: stored.version + 1 } };
}

/** Returns the edit of an RP as a change. Its old and new values contain only the settings that the edit changes. */
function changeOf(
  services: VerifyingServices,
  caller: AdministratorCaller,
  before: RpAndSettings,
  after: RpAndSettings,
): Change {
  const old = { ...DEFAULT_SETTINGS, ...before.stored.settings };
  const current = { ...DEFAULT_SETTINGS, ...after.stored.settings };
  const changed = (Object.keys(current) as (keyof RpSettings)[]).filter(
    (name) => JSON.stringify(old[name]) !== JSON.stringify(current[name]),
  );
  const shown = ({ rp }: RpAndSettings, settings: RpSettings) => ({
    id: rp.id,
    name: rp.name,
    ...(changed.length > 0 && { settings: Object.fromEntries(changed.map((name) => [name, settings[name]])) }),
  });
  return newChange(services, caller, caller.customer.customerId, {
    kind: 'rp-edited',
    subject: { id: after.rp.id, name: after.rp.name },
    rpRef: after.rp.id,
    before: shown(before, old),
    after: shown(after, current),
  });
}
