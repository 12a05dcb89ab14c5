import { authenticateUser } from '../../../functions/domain/fido2/authenticate-user.ts';
import { requestAuthenticationOptions } from '../../../functions/domain/fido2/request-authentication-options.ts';
import { withRememberedApiKeys } from '../../../functions/domain/rps/authenticate-api-key.ts';
import type { SignInDesign } from './design.ts';

/** The service's own code. If `isNamed`, the options name the user and list the user's credentials. */
const thisDesign = (name: string, isNamed: boolean): SignInDesign => ({
  name,
  startProcess: (unremembered, caller) => {
    const services = withRememberedApiKeys(unremembered);
    return {
      begin: (userId) =>
        requestAuthenticationOptions(services, caller, { concealUnknownUser: false, ...(isNamed && { userId }) }),
      finish: ({ ceremony }, response) =>
        authenticateUser(
          services,
          caller,
          { ceremony, response, signals: false },
          { idempotencyKey: undefined, receivedAt: services.clock.now() },
        ),
    };
  },
});

export const unnamed = thisDesign('this design, unnamed', false);
export const named = thisDesign('this design, named', true);
