import type { OperatorCommand } from '../../contract/operator.ts';
import type { Services } from '../services.ts';
import { addOperator } from './add-operator.ts';
import { linkOperator } from './link-operator.ts';
import { listOperators } from './list-operators.ts';
import { removeOperator } from './remove-operator.ts';

/** The commands that change or show the list of operators. */
type CommandAboutOperators = Extract<
  OperatorCommand,
  { command: 'list-operators' | 'add-operator' | 'link-operator' | 'remove-operator' }
>;

/**
 * Runs a command about the list of operators and returns its result. `by` is the name of the person who runs the
 * command. Throws the errors of the function that the command calls.
 */
export function runCommandAboutOperators(
  services: Services,
  by: string,
  request: CommandAboutOperators,
): Promise<unknown> {
  switch (request.command) {
    case 'list-operators':
      return listOperators(services);
    case 'add-operator':
      return addOperator(services, by, request);
    case 'link-operator':
      return linkOperator(services, by, request.email);
    case 'remove-operator':
      return removeOperator(services, by, request.email);
  }
}
