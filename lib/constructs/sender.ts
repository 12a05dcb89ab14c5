import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { ConfigurationSet, EmailIdentity, EmailSendingEvent, EventDestination, Identity } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
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
  /** Where SES tells of e-mails that did not arrive or were not welcome. */
  readonly events: Topic;
  /** What a function is told that sends e-mails. */
  readonly environment: Readonly<Record<'SENDER' | 'CONFIGURATION_SET', string>>;
  private readonly address: string;
  private readonly identity: EmailIdentity;
  private readonly configurationSet: ConfigurationSet;

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
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet');
    this.events = new Topic(this, 'Events', { enforceSSL: true });
    // Lets SES publish to the topic, for this configuration set of this account only.
    this.configurationSet.addEventDestination('NotArrived', {
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    this.environment = { SENDER: props.address, CONFIGURATION_SET: this.configurationSet.configurationSetName };
  }

  /** Lets somebody send e-mails from this address, with the configuration set. */
  allowSending({ grantPrincipal }: IGrantable): void {
    const configurationSetArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: this.configurationSet.configurationSetName,
    });
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [this.identity.emailIdentityArn, configurationSetArn],
        conditions: { StringEquals: { 'ses:FromAddress': this.address } },
      }),
    );
  }
}
