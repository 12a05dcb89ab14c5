import { grouped } from '../../operator/layout.ts';
import { fine, forCustomers, hint, toDo, type Check } from '../check.ts';

/** The share of the daily quota above which the operator should ask for more. */
const NEARLY_USED = 0.8;

/** Checks that the account has left the SES sandbox, in which SES sends only to verified addresses. */
export const sesSandbox: Check = {
  name: 'SES sandbox',
  async run({ aws, stage, region }) {
    const { ProductionAccessEnabled, Details } = await aws.sesAccount();
    if (ProductionAccessEnabled === true) return fine('the account may send to every address');
    const { Status, CaseId } = Details?.ReviewDetails ?? {};
    const found = 'the account is in the SES sandbox, and sends only to verified addresses';
    const of = CaseId === undefined ? '' : `, case ${CaseId}`;
    if (Status === 'PENDING')
      return forCustomers(stage, found, `Wait: AWS has not decided about the production access${of}.`);
    if (Status === 'DENIED')
      return forCustomers(
        stage,
        `${found}: AWS denied production access${of}`,
        'Answer the case in the Support Center.',
      );
    return forCustomers(
      stage,
      found,
      `In the SES console of ${region}, choose Account dashboard, then Request production access.`,
    );
  },
};

/** Checks that neither AWS nor the operator has paused the sending of e-mails. */
export const sesSending: Check = {
  name: 'SES sending',
  async run({ aws, region }) {
    const { SendingEnabled, EnforcementStatus = 'HEALTHY' } = await aws.sesAccount();
    if (EnforcementStatus !== 'HEALTHY')
      return toDo(
        `AWS ${EnforcementStatus === 'SHUTDOWN' ? 'has paused' : 'reviews'} the account (${EnforcementStatus})`,
        `Answer the e-mail from AWS. The SES console of ${region} shows the reason under Reputation metrics.`,
      );
    if (SendingEnabled !== true)
      return toDo(
        'sending is paused in this region',
        `aws sesv2 put-account-sending-attributes --region ${region} --sending-enabled`,
      );
    return fine('sending is not paused, and the account is in good standing');
  },
};

/** Checks that SES accepts as many e-mails as the stage sends, per second and per day. */
export const sesRate: Check = {
  name: 'SES rate',
  async run({ aws, stage, region }) {
    const { MaxSendRate = 0, Max24HourSend = 0, SentLast24Hours = 0 } = (await aws.sesAccount()).SendQuota ?? {};
    // SES reports -1 for a quota without a limit.
    const daily = Max24HourSend < 0 ? 'without a limit per day' : `${grouped(Max24HourSend)} in 24 hours`;
    const accepts = `SES accepts ${grouped(MaxSendRate)} per second`;
    if (MaxSendRate < stage.emailsPerSecond)
      return toDo(
        `${accepts}, and emailsPerSecond is ${stage.emailsPerSecond}`,
        `Set emailsPerSecond to ${Math.max(1, Math.floor(MaxSendRate))} until SES accepts more: in the SES console of ${region}, Account dashboard.`,
      );
    if (Max24HourSend >= 0 && SentLast24Hours >= NEARLY_USED * Max24HourSend)
      return toDo(
        `${grouped(SentLast24Hours)} of the ${grouped(Max24HourSend)} e-mails that SES accepts in 24 hours were sent`,
        `Request a higher sending quota in the SES console of ${region}, Account dashboard.`,
      );
    if (stage.emailsPerSecond < MaxSendRate / 2)
      return hint(`${accepts}, and emailsPerSecond is only ${stage.emailsPerSecond}`, 'You may raise emailsPerSecond.');
    return fine(`${accepts}, ${daily}; emailsPerSecond is ${stage.emailsPerSecond}`);
  },
};
