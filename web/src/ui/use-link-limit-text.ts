import type { RequestSignInLinkResponse } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';

/** How many links the service sends to one address. The response to a request for a link contains these numbers. */
type LinkLimit = RequestSignInLinkResponse['linkLimit'];

const texts: Texts<(limit: LinkLimit) => string> = {
  en: ({ atOnce, thenEveryMinutes }) =>
    `You can request ${String(atOnce)} links in a row for one address, and after that one every ${String(thenEveryMinutes)} minutes.`,
  ja: ({ atOnce, thenEveryMinutes }) =>
    `1つのアドレスに続けて送信できるリンクは${String(atOnce)}件までです。その後は${String(thenEveryMinutes)}分ごとに1件送信できます。`,
};

/** Returns a function that describes a limit of links in the current language. */
export const useLinkLimitText = () => useText(texts);
