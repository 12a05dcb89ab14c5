import type { RpTabProps } from '../rp-tabs.tsx';
import { ApiKeysBlock } from './api-keys-block.tsx';

/** Shows the API keys of the RP. */
export default function ApiKeysTab({ id }: RpTabProps) {
  return <ApiKeysBlock rp={id} />;
}
