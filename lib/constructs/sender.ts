import { CfnOutput } from 'aws-cdk-lib';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';

export interface SenderProps {
  /** Whom the e-mails are from. */
  readonly address: string;
}

/**
 * The domain that the service's e-mails come from. SES sends nothing from it until the three CNAME records of the outputs
 * stand in its DNS: they prove that it is ours, and receivers check each e-mail's signature (DKIM) with them.
 */
export class Sender extends Construct {
  private readonly address: string;
  private readonly identity: EmailIdentity;

  constructor(scope: Construct, id: string, props: SenderProps) {
    super(scope, id);
    this.address = props.address;
    const [, domain = ''] = props.address.split('@');
    this.identity = new EmailIdentity(this, 'Domain', { identity: Identity.domain(domain) });
    this.identity.dkimRecords.forEach(({ name, value }, index) => {
      new CfnOutput(this, `DkimRecord${index + 1}`, {
        value: `${name} CNAME ${value}`,
        description: `Put this into the DNS of ${domain}`,
      });
    });
  }

  /** Lets somebody send e-mails from this address. */
  allowSending({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [this.identity.emailIdentityArn],
        conditions: { StringEquals: { 'ses:FromAddress': this.address } },
      }),
    );
  }
}
