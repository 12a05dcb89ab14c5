import type { RequestSignInLinkResponse } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';

/** How many links the service sends to one address. The response to a request for a link contains these numbers. */
type LinkLimit = RequestSignInLinkResponse['linkLimit'];

const texts: Texts<(limit: LinkLimit) => string> = {
  en: ({ atOnce, thenEveryMinutes }) =>
    `We send at most ${String(atOnce)} links to one address at once, and then one more every ${String(thenEveryMinutes)} minutes.`,
  ja: ({ atOnce, thenEveryMinutes }) =>
    `1つのアドレスに続けて送信されるリンクは${String(atOnce)}件までで、その後は${String(thenEveryMinutes)}分ごとに1件です。`,
};

/** Returns a function that describes a limit of links in the current language. */
export const useLinkLimitText = () => useText(texts);
