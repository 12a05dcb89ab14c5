import { readStage, type Stage } from '../../config/stage.ts';
import { outputOf } from '../aws/stacks.ts';
import { openAws, type ClientSettings } from '../preflight/questions.ts';
import { SmokeError } from './smoke-error.ts';

/** The deployment that a smoke test uses. */
export interface Target {
  /** The URL of the console, under which CloudFront also serves the API. */
  readonly url: string;
  /** The API's own URL. Undefined if it is not known. */
  readonly apiUrl: string | undefined;
  /** The requests that the API's own URL refuses: none, those without a session and an API key, or all. */
  readonly refuses: Stage['onlyThroughCloudFront'];
}

/**
 * Returns the URLs of a stage from the outputs of its stacks, unless the operator has named the URL of the console.
 * Throws `SmokeError` if the stacks are not deployed, and `UnansweredError` if AWS does not answer.
 */
export async function findTarget(
  stages: Readonly<Record<string, unknown>>,
  name: string,
  { url, apiUrl, clients }: { url: string | undefined; apiUrl: string | undefined; clients: ClientSettings },
): Promise<Target> {
  const { serviceName, onlyThroughCloudFront: refuses } = readStage(stages, name);
  if (url !== undefined) return { url, apiUrl, refuses };
  const opened = openAws(clients);
  try {
    const [console, api] = await Promise.all([
      opened.aws.stack(`${serviceName}-console`),
      opened.aws.stack(`${serviceName}-api`),
    ]);
    const found = console && outputOf(console, 'ConsoleUrl');
    if (found === undefined)
      throw new SmokeError(`the stack ${serviceName}-console has no output ConsoleUrl in this account and region`);
    return { url: found, apiUrl: apiUrl ?? (api && outputOf(api, 'ApiUrl')), refuses };
  } finally {
    opened.close();
  }
}
