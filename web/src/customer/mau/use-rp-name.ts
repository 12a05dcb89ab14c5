import type { MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: { removed: (name: string) => `${name} (removed)` },
  ja: { removed: (name: string) => `${name}（削除済み）` },
} satisfies Texts<object>;

/** Returns a function that returns the name of an RP, followed by "(removed)" if the RP was removed. */
export function useRpName(): (rp: Pick<MauView['rps'][number], 'name' | 'removed'>) => string {
  const text = useText(texts);
  return ({ name, removed }) => (removed ? text.removed(name) : name);
}
