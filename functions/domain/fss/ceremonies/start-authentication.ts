import { startAuthenticationBody } from '../../../contract/fss/ceremonies.ts';
import { requestAuthenticationOptions } from '../../fido2/request-authentication-options.ts';
import { getUser } from '../../users/get-user.ts';
import { findFssUser } from '../users/find-fss-user.ts';
import type { FssCall } from '../fss-call.ts';
import { fssUser } from '../users/fss-user.ts';
import { commonRequest } from './options-base.ts';
import { parseBody } from '../parse-body.ts';

/** Begins an authentication: of the user whom the call names, or of any user of the RP. */
export const startAuthentication: FssCall = async (services, request) => {
  const { caller, body } = request;
  const asked = parseBody(startAuthenticationBody, body, { userId: 'REQUIRE_USER_ID_OR_USER_HANDLE' });
  const base = asked.requestOptionsBase ?? {};
  const found = asked.userId == null ? undefined : await findFssUser(services, request, asked.userId, false);
  const { ceremony, options } = await requestAuthenticationOptions(services, caller, {
    userId: found?.userId,
    userVerification: base.userVerification ?? undefined,
    concealUnknownUser: false,
    ...commonRequest(base),
  });
  return {
    data: {
      requestOptions: { ...options, ...(base.extensions && { extensions: base.extensions }) },
      user: found ? fssUser(caller.rp.rpId, await getUser(services, caller, found.userId)) : null,
    },
    cookie: ceremony,
  };
};
