import { CfnOutput, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface SenderProps {
  /** The address that e-mails are sent from. */
  readonly address: string;
}

/**
 * The domain that the service sends e-mails from. SES sends nothing until the domain's DNS contains the three CNAME
 * records that the stack outputs. These records prove that the operator owns the domain, and contain the keys with
 * which receivers check each e-mail's DKIM signature.
 */
export class Sender extends Construct {
  /** The SNS topic to which SES publishes bounces, complaints and rejects. */
  readonly events: Topic;
  /** The environment variables that a function needs to send e-mails. */
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
        description: `Add this record to the DNS of ${domain}`,
      });
    });
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      // The Customer view shows an address as undeliverable after a permanent bounce or a complaint, so SES must not
      // deliver e-mails to such an address, whatever the account's own setting is.
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    this.events = new Topic(this, 'Events', { enforceSSL: true });
    // This call also allows SES to publish to the topic, but only for this configuration set of this account.
    this.configurationSet.addEventDestination('NotArrived', {
      destination: EventDestination.snsTopic(this.events),
      events: [EmailSendingEvent.BOUNCE, EmailSendingEvent.COMPLAINT, EmailSendingEvent.REJECT],
    });
    this.environment = { SENDER: props.address, CONFIGURATION_SET: this.configurationSet.configurationSetName };
  }

  /** Allows the grantee to send e-mails from the sender's address with the configuration set. */
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
