import { readSessionAnew } from '../api/query-client.ts';
import { forgetUnsavedInput } from '../api/unsaved-input.ts';

/** Says whether a tab started or renewed the session, or whether the person ended the session. */
type SessionNews = 'changed' | 'ended';

/**
 * All tabs of a browser share one session. When one tab starts or ends the session, the other tabs update immediately.
 */
const channel = new BroadcastChannel('session');
channel.addEventListener('message', ({ data }: MessageEvent<SessionNews>) => {
  if (data === 'ended') forgetUnsavedInput();
  void readSessionAnew();
});

/** Makes the other tabs read the session again. After the person ended the session, the other tabs keep nothing. */
export function tellOtherTabs(news: SessionNews): void {
  channel.postMessage(news);
}
