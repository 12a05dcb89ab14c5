import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { of: (action: string, name: string) => `${action}: ${name}` },
  ja: { of: (action: string, name: string) => `${action}：${name}` },
} satisfies Texts<object>;

/**
 * Returns a function that makes a screen reader's name for a button, from its action and its object. It distinguishes
 * buttons with the same label.
 */
export function useActionName(): (action: string, of: string) => string {
  return useText(texts).of;
}
