import { RpMauBlock } from '../mau/rp-mau-block.tsx';
import type { RpTabProps } from '../rp-tabs.tsx';
import { ConnectionBlock } from './connection-block.tsx';
import { SnippetsBlock } from './snippets-block.tsx';

/** Shows how the RP's server uses the service, whether a first sign-in has arrived, and the MAU of the RP. */
export default function IntegrateTab({ id, rp }: RpTabProps) {
  return (
    <>
      <ConnectionBlock rp={rp} />
      <SnippetsBlock rp={rp} />
      <RpMauBlock id={id} />
    </>
  );
}
