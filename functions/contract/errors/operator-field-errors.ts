import { fieldErrorOf } from './field-errors.ts';
import { operatorErrorKinds } from './operator-error-kinds.ts';

/** Creates a field error that only the operator's commands return. See `fieldError`. */
export const operatorFieldError = fieldErrorOf(operatorErrorKinds);
