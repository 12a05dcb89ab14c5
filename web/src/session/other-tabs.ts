import { queryClient, readSessionAnew } from '../api/query-client.ts';
import { listPasskeysQueryKey } from '../client/@tanstack/react-query.gen.ts';

/** All tabs of a browser have one session: what one of them begins or ends, the others show at once. */
const channel = new BroadcastChannel('session');
channel.addEventListener('message', () => void look());

/** Looks whose session it is, then whether a passkey is still to be registered. */
async function look(): Promise<void> {
  await readSessionAnew();
  await queryClient.invalidateQueries({ queryKey: listPasskeysQueryKey() });
}

/** Has the other tabs look whose session it is now. */
export function tellOtherTabs(): void {
  channel.postMessage('changed');
}
