import { useText, type Texts } from '../text/language.tsx';

const texts = {
  en: { of: (action: string, name: string) => `${action}: ${name}` },
  ja: { of: (action: string, name: string) => `${action}：${name}` },
} satisfies Texts<object>;

/** Gives what a screen reader calls a button that says only what it does, where others do the same with something else. */
export function useActionName(): (action: string, of: string) => string {
  return useText(texts).of;
}
