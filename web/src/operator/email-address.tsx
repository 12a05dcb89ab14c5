import { Fragment } from 'react';

/** Shows an e-mail address, which breaks after an "@" or a period on a narrow screen. */
export function EmailAddress({ address }: { readonly address: string }) {
  return address.split(/(?<=[@.])/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
