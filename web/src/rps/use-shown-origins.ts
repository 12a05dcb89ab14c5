import type { RpDetails } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { everyPort: 'http://localhost:<every port>' },
  ja: { everyPort: 'http://localhost:<すべてのポート>' },
} satisfies Texts<object>;

/**
 * Returns a function that returns the origins that an RP accepts. By default, the RP ID `localhost` accepts
 * `http://localhost` with every port too.
 */
export function useShownOrigins(): (rp: Pick<RpDetails, 'rpId' | 'settings'>) => readonly string[] {
  const { everyPort } = useText(texts);
  return ({ rpId, settings: { origins } }) =>
    rpId === 'localhost' && origins.join() === 'https://localhost' ? [everyPort, ...origins] : origins;
}
