/** The steps of the smoke test, in their order. */
export const stepNames = [
  'stage',
  'API',
  'console page',
  'API without CloudFront',
  'sign-up',
  'link',
  'RP',
  'API key',
  'user',
  'registration',
  'sign-in',
  'MAU',
  'RP removed',
  'unsubscription',
] as const;
export type StepName = (typeof stepNames)[number];

const runbook = (entry: string) => `docs/runbook.md#${entry}`;
const CEREMONIES = `Search the API's log for the request: ${runbook('finding-a-request-by-its-id')}.`;

/** Where the operator looks first if a step fails. */
export const lookAt: Readonly<Record<StepName, string>> = {
  stage: 'Run npm run preflight. The smoke test reads the outputs ConsoleUrl and ApiUrl of the stacks.',
  API: `Run npm run preflight, which checks the certificate, the DNS record and the stacks. For a status of 500 or more: ${runbook('api-5xx')}.`,
  'console page':
    'Deploy the console stack again, and look at the behaviors of the distribution in the CloudFront console.',
  'API without CloudFront': `Compare the setting onlyThroughCloudFront with the deployed one, and deploy the API stack again. ${runbook('requests-throttled')}.`,
  'sign-up': `For the status 429: ${runbook('limits')}. For a status of 500 or more: ${runbook('api-5xx')}.`,
  link: `If no e-mail came, look at the spam folder, then: ${runbook('mails-late')}, ${runbook('mails-lost')} and ${runbook('an-address-is-shown-as-undeliverable')}.`,
  RP: CEREMONIES,
  'API key': CEREMONIES,
  user: CEREMONIES,
  registration: CEREMONIES,
  'sign-in': CEREMONIES,
  MAU: `The aggregator has not counted the user: ${runbook('processing-stopped')}.`,
  'RP removed': CEREMONIES,
  unsubscription: CEREMONIES,
};
