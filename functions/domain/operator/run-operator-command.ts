import type { OperatorCommand } from '../../contract/operator.ts';
import { cancelLicense } from '../licenses/cancel-license.ts';
import { discardEndedCustomer, endCustomer, listFinalStatements } from '../leaving/end-customer.ts';
import { exportStatements } from '../statements/export-statements.ts';
import { cancelledLicenseView, setLicenseView } from '../licenses/license-change.ts';
import type { PlanServices } from '../licenses/plans.ts';
import type { CalendarServices } from '../services.ts';
import { previewLicense, setLicense } from '../licenses/set-license.ts';
import { listCustomerLines } from './list-customer-lines.ts';
import { showCustomer, showDiscarded } from './show-customer.ts';

/**
 * Runs one operator command and returns the result of the command as JSON data. Throws a `DomainError` when the service
 * refuses the command, for example because there is no such customer. `operator` is the name that the change log
 * and the audit record.
 */
export async function runOperatorCommand(
  services: CalendarServices & PlanServices,
  operator: string,
  request: OperatorCommand,
): Promise<unknown> {
  const author = { operator };
  switch (request.command) {
    case 'list-customers':
      return listCustomerLines(services, request.cursor);
    case 'read-overview': {
      // A cold start does not load this code.
      const { readOverview } = await import('./overview.ts');
      return readOverview(services, request.cursor);
    }
    case 'list-failed-mails': {
      const { listFailedMails } = await import('./failed-mails.ts');
      return listFailedMails(services, request.cursor);
    }
    case 'show-customer':
      return (await showDiscarded(services, request.customerId)) ?? showCustomer(services, request.customerId);
    case 'list-audit-entries': {
      // A cold start does not load this code.
      const { listAuditForOperator } = await import('./list-audit-for-operator.ts');
      return listAuditForOperator(services, request.customerId, request);
    }
    case 'set-license': {
      const { customerId, dryRun = false } = request;
      const set = dryRun
        ? await previewLicense(services, customerId, request)
        : await setLicense(services, author, customerId, request);
      return { ...(await showCustomer(services, customerId)), set: setLicenseView(set), ...(dryRun && { dryRun }) };
    }
    case 'cancel-license': {
      const cancelled = await cancelLicense(services, author, request.customerId, request.startsAt);
      return { ...(await showCustomer(services, request.customerId)), cancelled: cancelledLicenseView(cancelled) };
    }
    case 'set-representative-email': {
      // A cold start does not load this code.
      const { setRepresentativeEmail } = await import('../administrators/set-representative-email.ts');
      return setRepresentativeEmail(services, author, request.customerId, request.email);
    }
    case 'end-customer':
      return endCustomer(services, author, request.customerId, request.confirmation);
    case 'list-final-statements':
      return listFinalStatements(services, request.customerId, request.cursor);
    case 'discard-ended-customer': {
      await discardEndedCustomer(services, request.customerId);
      return showCustomer(services, request.customerId);
    }
    case 'list-operators':
    case 'add-operator':
    case 'link-operator':
    case 'remove-operator': {
      // A cold start does not load this code.
      const { runCommandAboutOperators } = await import('../operators/run-command-about-operators.ts');
      return runCommandAboutOperators(services, operator, request);
    }
    case 'export-statements':
      return exportStatements(services, { month: request.month, after: request.cursor });
  }
}
