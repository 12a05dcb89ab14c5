import type { RpTabProps } from '../rp-tabs.tsx';
import { RemoveRpBlock } from './remove-rp-block.tsx';
import { RpBlock } from './rp-block.tsx';

/** Shows the RP and its settings, and lets the person change them and remove the RP. */
export default function SettingsTab({ rp }: RpTabProps) {
  return (
    <>
      <RpBlock rp={rp} />
      <RemoveRpBlock rp={rp} />
    </>
  );
}
