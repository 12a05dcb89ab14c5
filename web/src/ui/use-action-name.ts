import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { of: (action: string, name: string) => `${action}: ${name}` },
  ja: { of: (action: string, name: string) => `${action}：${name}` },
} satisfies Texts<object>;

/**
 * Returns a function that makes a button's accessible name, such as "Remove: shop", from the action and the name of the
 * affected object. Such a name distinguishes buttons that have the same label.
 */
export function useActionName(): (action: string, of: string) => string {
  return useText(texts).of;
}
