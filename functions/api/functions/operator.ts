import { onLambda, servicesFromEnvironment, withCalendar, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { operatorRoutes } from '../routes.ts';
import { build as getOperatorCustomer } from '../operator/get-operator-customer.ts';
import { build as getOperatorOverview } from '../operator/get-operator-overview.ts';
import { build as listFailedMails } from '../operator/list-failed-mails.ts';
import { build as listOperatorActivity } from '../operator/list-operator-activity.ts';
import { build as listOperatorCustomers } from '../operator/list-operator-customers.ts';
import { build as addOperatorPasskey } from '../operators/add-operator-passkey.ts';
import { build as createOperatorSession } from '../operators/create-operator-session.ts';
import { build as deleteOperatorSession } from '../operators/delete-operator-session.ts';
import { build as getOperatorSession } from '../operators/get-operator-session.ts';
import { build as requestOperatorPasskeyOptions } from '../operators/request-operator-passkey-options.ts';
import { build as requestOperatorSessionOptions } from '../operators/request-operator-session-options.ts';

/** Serves every route of the operators' pages. */
export const build = dispatch(operatorRoutes, {
  'request-operator-session-options': requestOperatorSessionOptions,
  'create-operator-session': createOperatorSession,
  'get-operator-session': getOperatorSession,
  'delete-operator-session': deleteOperatorSession,
  'request-operator-passkey-options': requestOperatorPasskeyOptions,
  'add-operator-passkey': addOperatorPasskey,
  'get-operator-overview': getOperatorOverview,
  'list-operator-customers': listOperatorCustomers,
  'get-operator-customer': getOperatorCustomer,
  'list-operator-activity': listOperatorActivity,
  'list-failed-mails': listFailedMails,
});
export const handler = onLambda(() => build(withCalendar(withEdge(servicesFromEnvironment()))));
