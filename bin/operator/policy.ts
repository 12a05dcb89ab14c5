import { serviceNameOf } from '../../config/service-name.ts';
import type { Policy } from '../aws/policy.ts';

/** Returns the IAM policy with which the operator's command line can run all commands in a stage, or in all stages. */
export const operatorPolicy = (stage = '*'): Policy => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['lambda:InvokeFunction'],
      Resource: [`arn:aws:lambda:*:*:function:${serviceNameOf(stage)}-operator`],
    },
  ],
});
