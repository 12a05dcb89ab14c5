import type { CustomerView } from '../../client/types.gen.ts';
import type { Texts } from '../../text/language.tsx';

/** The labels that both the block and the form for the customer information show. */
export const texts = {
  en: { name: 'Name', address: 'Address', phoneNumber: 'Phone number' },
  ja: { name: '名称', address: '住所', phoneNumber: '電話番号' },
} satisfies Texts<object>;

/** Returns the editable values of the customer, each with its label. */
export function customerInformation({ customer }: CustomerView, text: (typeof texts)['en']) {
  return [
    [text.name, customer.name],
    [text.address, customer.address],
    [text.phoneNumber, customer.phoneNumber],
  ] as const;
}
