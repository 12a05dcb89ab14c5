import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../../functions/domain/time.ts';
import { toIso } from '../../../../functions/domain/time.ts';
import type { Assembly } from '../assembly.ts';

const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  ScheduleExpression: z.string().regex(/^rate\(\d+ (minute|hour|day)s?\)$/, 'is not implemented'),
  State: z.enum(['ENABLED', 'DISABLED']),
  Targets: z.array(
    z.strictObject({
      Id: z.string(),
      Arn: z.string(),
      RetryPolicy: z
        .strictObject({ MaximumEventAgeInSeconds: z.int().optional(), MaximumRetryAttempts: z.int().optional() })
        .optional(),
    }),
  ),
});

/** A target of a rule. */
export interface RuleTarget {
  readonly functionArn: string;
  readonly ruleArn: string;
}

/** A rule of EventBridge that has a schedule. */
export interface Rule {
  readonly logicalId: string;
  readonly isEnabled: boolean;
  readonly targets: readonly RuleTarget[];
  /** Returns the event that EventBridge sends when the schedule is due. */
  readonly event: () => object;
}

/** Reads the rules of an assembly. */
export function readRules(assembly: Assembly, clock: Clock): Rule[] {
  const { account, region } = assembly.place;
  return assembly.ofType('AWS::Events::Rule').map(({ logicalId, attributes, properties }) => {
    const read = ruleProperties.safeParse(properties);
    if (read.error) throw new Error(`Cannot read the rule ${logicalId}.\n${z.prettifyError(read.error)}`);
    const ruleArn = String(attributes['Arn']);
    return {
      logicalId,
      isEnabled: read.data.State === 'ENABLED',
      targets: read.data.Targets.map(({ Arn }) => ({ functionArn: Arn, ruleArn })),
      event: () => ({
        version: '0',
        id: randomUUID(),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account,
        time: toIso(clock.now()),
        region,
        resources: [ruleArn],
        detail: {},
      }),
    };
  });
}
