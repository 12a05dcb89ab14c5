import { readSessionAnew } from '../api/query-client.ts';

/**
 * All tabs of a browser share one session. When one tab starts or ends the session, the other tabs update immediately.
 */
const channel = new BroadcastChannel('session');
channel.addEventListener('message', () => void readSessionAnew());

/** Makes the other tabs read the session again. */
export function tellOtherTabs(): void {
  channel.postMessage('changed');
}
