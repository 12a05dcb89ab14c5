import type { Outcome } from '../functions/messages.ts';
import { AwsError, type AwsService } from './service.ts';

/**
 * Creates Lambda's API, which can invoke functions and wait for the result. `invoke` invokes the function with a name,
 * or is undefined for a function that does not exist. `arnOf` returns the ARN of a function.
 */
export function createLambda(
  arnOf: (functionName: string) => string | undefined,
  invoke: (functionName: string, event: unknown) => Promise<Outcome>,
): AwsService {
  return ({ path, body }) => {
    const [, name] = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path) ?? [];
    if (name === undefined) throw new AwsError('UnknownOperationException', `The tests do not know ${path} of Lambda.`);
    const arn = arnOf(decodeURIComponent(name));
    if (arn === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
    return {
      needs: [{ action: 'lambda:InvokeFunction', resource: arn }],
      run: async () => {
        const outcome = await invoke(decodeURIComponent(name), JSON.parse(body || 'null'));
        return 'error' in outcome
          ? { body: JSON.stringify(outcome.error), headers: { 'x-amz-function-error': 'Unhandled' } }
          : { body: outcome.payload };
      },
    };
  };
}
