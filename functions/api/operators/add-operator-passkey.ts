import { addOperatorPasskeyContract as contract } from '../../contract/operators.ts';
import { addOperatorPasskey } from '../../domain/operators/add-operator-passkey.ts';
import { operatorView } from '../../domain/operators/operator-view.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('add-operator-passkey', contract, async ({ body }, services) => ({
  body: operatorView(await addOperatorPasskey(services, body)),
}));
