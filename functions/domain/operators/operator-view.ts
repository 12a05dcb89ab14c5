import type { OperatorView } from '../../contract/operators.ts';
import type { Operator } from '../../table/operators/operators.ts';

export const operatorView = ({ operatorId, name, email }: Operator): OperatorView => ({ id: operatorId, name, email });
