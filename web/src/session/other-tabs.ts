import { readSessionAnew } from '../api/query-client.ts';

/** All tabs of a browser have one session: what one of them begins or ends, the others show at once. */
const channel = new BroadcastChannel('session');
channel.addEventListener('message', () => void readSessionAnew());

/** Has the other tabs look whose session it is now. */
export function tellOtherTabs(): void {
  channel.postMessage('changed');
}
