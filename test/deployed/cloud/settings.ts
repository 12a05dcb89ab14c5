import type { Edge } from '../../../functions/http/edge.ts';
import type { Edit } from './templates.ts';

/** The settings of a stage that a test chooses. The CDK writes each of them into environment variables of functions. */
export interface StageSettings {
  readonly timeZone?: string;
  readonly unsubscribeGraceHours?: number;
  readonly verifiesDomains?: boolean;
  readonly edge?: Edge;
}

/**
 * Returns the edit that gives the templates of the stage `production` other settings, where the CDK would write them.
 * So the tests need not run the CDK for each combination of settings. SES accepts many e-mails per second here, because
 * the worker pauses after each e-mail. The sweep of a discarded customer begins after 11 seconds instead of half an
 * hour, as in the local service.
 */
export function editFor({ timeZone, unsubscribeGraceHours, verifiesDomains = false, edge }: StageSettings): Edit {
  const variables: Readonly<Record<string, string>> = {
    EMAILS_PER_SECOND: '1000',
    SWEEP_AFTER_SECONDS: '11',
    VERIFY_DOMAINS: String(verifiesDomains),
    ...(timeZone !== undefined && { TIME_ZONE: timeZone }),
    ...(unsubscribeGraceHours !== undefined && { UNSUBSCRIBE_GRACE_HOURS: String(unsubscribeGraceHours) }),
    ...(edge && { EDGE_SECRETS: edge.secrets.join(), ONLY_THROUGH_CLOUDFRONT: edge.required }),
  };
  return (resources) => {
    for (const { Type, Properties } of resources) {
      if (Type !== 'AWS::Lambda::Function') continue;
      const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
      for (const [name, value] of Object.entries(variables)) if (name in Variables) Variables[name] = value;
    }
  };
}
