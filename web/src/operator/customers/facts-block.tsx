import { Text } from '@mantine/core';
import { useText, type Texts } from '../../text/language.tsx';
import { useFormat } from '../../text/use-format.ts';
import { Block } from '../../ui/block.tsx';
import { Facts } from '../../ui/facts.tsx';
import { EmailAddress } from '../email-address.tsx';
import { useServiceTimeZone } from '../overview/use-overview.ts';
import { texts as names } from '../texts.ts';
import type { CustomerQuery } from './customer-page.tsx';

const texts = {
  en: {
    title: 'Customer information',
    id: 'Customer ID',
    state: 'State',
    representative: 'Representative',
    undeliverable: 'E-mails are not delivered to this address.',
    address: 'Postal address',
    phoneNumber: 'Phone number',
    signedUp: 'Signed up',
    rps: 'Registered RPs',
    users: 'Registered users',
    leaves: 'Leaves',
    leavesAt: (at: string, requestedAt: string) => `${at}, as requested on ${requestedAt}`,
    unsubscribed: 'Refused since',
  },
  ja: {
    title: 'カスタマー情報',
    id: 'カスタマーID',
    state: '状態',
    representative: '担当者',
    undeliverable: 'このアドレスにはメールが配信されません。',
    address: '住所',
    phoneNumber: '電話番号',
    signedUp: '登録日時',
    rps: '登録済みのRP',
    users: '登録済みのユーザー',
    leaves: '解約日時',
    leavesAt: (at: string, requestedAt: string) => `${at}（${requestedAt} に申請）`,
    unsubscribed: '利用停止日時',
  },
} satisfies Texts<object>;

/** Shows the customer, its representative, and whether it is leaving. */
export function FactsBlock({ query }: { readonly query: CustomerQuery }) {
  const text = useText(texts);
  const name = useText(names);
  const format = useFormat();
  const timeZone = useServiceTimeZone();
  return (
    <Block title={text.title} query={query}>
      {(customer) => {
        const { representative, pendingUnsubscription: pending, unsubscribedAt } = customer;
        const at = (time: string) => format.dateTime(time, timeZone);
        return (
          <Facts
            facts={[
              [text.id, customer.customerId],
              [text.state, name.states[customer.state]],
              ...(pending
                ? [[text.leaves, text.leavesAt(at(pending.effectiveAt), at(pending.requestedAt))] as const]
                : []),
              ...(unsubscribedAt === null ? [] : [[text.unsubscribed, at(unsubscribedAt)] as const]),
              [
                text.representative,
                representative && (
                  <>
                    {representative.name}
                    <br />
                    <EmailAddress address={representative.email} />
                    {representative.undeliverable && (
                      <Text size="sm" fw={700}>
                        {text.undeliverable}
                      </Text>
                    )}
                  </>
                ),
              ],
              [text.address, customer.address],
              [text.phoneNumber, customer.phoneNumber],
              [text.signedUp, at(customer.createdAt)],
              [text.rps, format.number(customer.registeredRps)],
              [text.users, format.number(customer.registeredUsers)],
            ]}
          />
        );
      }}
    </Block>
  );
}
