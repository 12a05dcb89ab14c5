import { getAllUsersBody, getUsersByUserNameBody } from '../../../contract/fss/users.ts';
import { userName as validUserName } from '../../../contract/users.ts';
import { RESPONSE_SIZE, sizeInResponse } from '../../pages.ts';
import { listUsers } from '../../users/list-users.ts';
import { FssError, type FssCall, type FssRequest, type FssServices } from '../fss-call.ts';
import { userNotFound } from '../fss-errors.ts';
import { fssUser, type FssUser } from './fss-user.ts';
import { parseBody } from '../parse-body.ts';

/** The number of users that the service reads at once. */
const AT_ONCE = 500;

/** Returns all users of the RP. Leaves out disabled ones unless the call asks for them. */
export const getAllUsers: FssCall = async (services, request) => {
  const { withDisabledUser } = parseBody(getAllUsersBody, request.body ?? {});
  return { data: { users: await readAll(services, request, { withDisabledUser }) } };
};

/** Returns the users with a name. A text that cannot be a name belongs to nobody. */
export const getUsersByUserName: FssCall = async (services, request) => {
  const { userName: asked, withDisabledUser } = parseBody(getUsersByUserNameBody, request.body);
  const { data: userName } = validUserName.safeParse(asked);
  const users = userName === undefined ? [] : await readAll(services, request, { withDisabledUser, userName });
  if (users.length === 0) throw userNotFound();
  return { data: { users } };
};

/**
 * Reads users page by page. Leaves out users of an earlier release who have no handle yet, because the FSS format
 * cannot name them. Throws `FssError` when the users exceed what a Lambda function can answer.
 */
async function readAll(
  services: FssServices,
  { caller }: FssRequest,
  { withDisabledUser, userName }: { readonly withDisabledUser: boolean; readonly userName?: string },
): Promise<FssUser[]> {
  const users: FssUser[] = [];
  let size = 0;
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await listUsers(services, caller, { limit: AT_ONCE, cursor, userName });
    const shown = items
      .filter(({ disabled, userHandle }) => userHandle !== null && (!disabled || withDisabledUser))
      .map((user) => fssUser(caller.rp.rpId, user));
    size += shown.reduce((sum, user) => sum + sizeInResponse(JSON.stringify(user)) + 1, 0);
    if (size > RESPONSE_SIZE) throw tooManyUsers();
    users.push(...shown);
    cursor = nextCursor === null ? undefined : Buffer.from(nextCursor, 'base64url').toString();
  } while (cursor !== undefined);
  return users;
}

const tooManyUsers = () =>
  new FssError(
    'UNEXPECTED_ERROR',
    `The users exceed ${RESPONSE_SIZE / 1_000_000} MB, which is more than this call can return. Read them page by page with GET /v1/rp/users.`,
  );
