import type { CustomerView } from '../../client/types.gen.ts';
import type { Texts } from '../../text/language.tsx';

/** What the customer information is called, where it is shown and where it is edited. */
export const texts = {
  en: { name: 'Name', address: 'Address', phoneNumber: 'Phone number' },
  ja: { name: '名称', address: '住所', phoneNumber: '電話番号' },
} satisfies Texts<object>;

/** Gives what an edit can change. */
export function customerInformation({ customer }: CustomerView, text: (typeof texts)['en']) {
  return [
    [text.name, customer.name],
    [text.address, customer.address],
    [text.phoneNumber, customer.phoneNumber],
  ] as const;
}
