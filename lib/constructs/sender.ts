import { CfnOutput, Fn, Stack, Validations } from 'aws-cdk-lib';
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
import type { Stage } from '../../config/stage.ts';

export interface SenderProps {
  readonly stage: Stage;
}

/**
 * All SES identities of the account and region, as a template for `Fn::Sub`. The references stay in the template even
 * if the account and region are known, so the ID of the cdk-nag finding is the same for every account.
 */
const ALL_IDENTITIES = 'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*';

/**
 * The domain that the service sends e-mails from. The stage either creates the SES identity of the domain, or uses an
 * identity that exists already. SES sends nothing from an identity that the stage creates until the domain's DNS
 * contains the three CNAME records that the stack outputs. These records prove that the operator owns the domain, and
 * contain the keys with which receivers check each e-mail's DKIM signature.
 */
export class Sender extends Construct {
  /** The SNS topic to which SES publishes bounces, complaints and rejects. */
  readonly events: Topic;
  /** The environment variables that a function needs to send e-mails. */
  readonly environment: Readonly<Record<'SENDER' | 'CONFIGURATION_SET', string>>;
  private readonly address: string;
  private readonly configurationSet: ConfigurationSet;

  constructor(scope: Construct, id: string, { stage }: SenderProps) {
    super(scope, id);
    this.address = stage.sender;
    const [, domain = ''] = stage.sender.split('@');
    if (stage.senderIdentity === 'create') this.createIdentity(domain, stage.mailFromLabel);
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
    Validations.of(Stack.of(this)).acknowledge({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${ALL_IDENTITIES.replaceAll('${', '<').replaceAll('}', '>')}]`,
      reason:
        'In the SES sandbox, SES also checks the right to send to the identity of the recipient. The statement allows only ses:SendEmail, and only from the address of the sender (ses:FromAddress).',
    });
    this.environment = { SENDER: stage.sender, CONFIGURATION_SET: this.configurationSet.configurationSetName };
  }

  /** Creates the SES identity of a domain, and outputs every DNS record that the domain needs. */
  private createIdentity(domain: string, mailFromLabel: string): void {
    const mailFrom = `${mailFromLabel}.${domain}`;
    // Until the MX record exists, SES sends with a MAIL FROM domain of its own (the CDK's default `USE_DEFAULT_VALUE`),
    // so a missing record stops no e-mail.
    const identity = new EmailIdentity(this, 'Domain', {
      identity: Identity.domain(domain),
      mailFromDomain: mailFrom,
    });
    const output = (name: string, value: string, purpose: string) => {
      const description = `Add this record to the DNS of ${domain}: ${purpose}`;
      // Without this, the name would contain the path of this construct and a hash. README has the names.
      new CfnOutput(this, name, { value, description }).overrideLogicalId(name);
    };
    identity.dkimRecords.forEach(({ name, value }, index) => {
      output(`DkimRecord${index + 1}`, `${name} CNAME ${value}`, 'without it, SES sends no e-mail');
    });
    const { region } = Stack.of(this);
    // The records are those of the page "Using a custom MAIL FROM domain" of the Amazon SES Developer Guide.
    output(
      'MailFromMxRecord',
      `${mailFrom} MX 10 feedback-smtp.${region}.amazonses.com`,
      'SES receives bounces at this name',
    );
    output('MailFromSpfRecord', `${mailFrom} TXT "v=spf1 include:amazonses.com ~all"`, 'SPF of the e-mails');
    output(
      'DmarcRecord',
      `_dmarc.${domain} TXT "v=DMARC1; p=none;"`,
      'DMARC. Keep a record that exists already. README says when to change "none" to "quarantine"',
    );
  }

  /**
   * Allows the grantee to send e-mails from the sender's address with the configuration set. The right covers all SES
   * identities of the account and region: while the account is in the SES sandbox, SES also checks the right to the
   * recipient's verified identity, and not only to the sender's. The condition limits the right to the sender's
   * address.
   */
  allowSending({ grantPrincipal }: IGrantable): void {
    const configurationSetArn = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: this.configurationSet.configurationSetName,
    });
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: [Fn.sub(ALL_IDENTITIES), configurationSetArn],
        conditions: { StringEquals: { 'ses:FromAddress': this.address } },
      }),
    );
  }
}
