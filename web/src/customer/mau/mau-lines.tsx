import { useCallback, useState } from 'react';
import type { MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';

const texts = {
  en: { removed: (name: string) => `${name} (removed)` },
  ja: { removed: (name: string) => `${name}（削除済み）` },
} satisfies Texts<object>;

type Rp = MauView['rps'][number];

/** How a line of the graph is told from the others: by its colour, and by the shape of its points for whom colours do not tell. */
export interface LineStyle {
  /** Has a contrast of 3 at least on the backgrounds of both themes. */
  readonly color: string;
  /** Of the points, an SVG path around 0,0. */
  readonly marker: string;
}

const CIRCLE = 'M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0';
const colors = ['blue-7', 'orange-8', 'teal-8', 'grape-6', 'lime-9', 'pink-7', 'violet-5', 'cyan-8'];
/** One fewer than the colours: they go together in another way each time round. */
const markers = [
  CIRCLE,
  'M-3.6,-3.6h7.2v7.2h-7.2z', // square
  'M0,-5L4.8,3.5H-4.8z', // triangle
  'M0,-5.2L5.2,0L0,5.2L-5.2,0z', // diamond
  'M-1.5,-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z', // cross
  'M0,5L4.8,-3.5H-4.8z', // triangle upside down
  'M-5,-2h10v4h-10z', // bar
];
export const totalStyle: LineStyle = { color: 'var(--mantine-color-text)', marker: CIRCLE };

/** A point of a line. One of a month that is in progress is hollow. */
export function Marker({ color, marker, isHollow = false }: LineStyle & { readonly isHollow?: boolean }) {
  return <path d={marker} stroke={color} strokeWidth={1.5} fill={isHollow ? 'var(--mantine-color-body)' : color} />;
}

/** A piece of a line with a point, as beside the names of the RPs. */
export function LineSign({ isHollow = false, ...style }: LineStyle & { readonly isHollow?: boolean }) {
  return (
    <svg width={24} height={20} viewBox="-12 -10 24 20" style={{ flexShrink: 0 }} aria-hidden>
      <path d="M-12,0h24" stroke={style.color} strokeWidth={2} />
      <Marker {...style} isHollow={isHollow} />
    </svg>
  );
}

/** How many RPs have a line at first: those with the most MAU. */
const FIRST = 5;
/** How many may have one at once: nobody can tell more apart. */
export const MAX_LINES = 20;
/** How lines look, by their slots. */
const styles = Array.from({ length: MAX_LINES }, (_, slot): LineStyle => {
  const color = colors[slot % colors.length] ?? '';
  return { color: `var(--mantine-color-${color})`, marker: markers[slot % markers.length] ?? CIRCLE };
});

/** Gives RPs by their MAU in the months shown, the most first. */
export function byMau(rps: readonly Rp[]): Rp[] {
  const sum = ({ mau }: Rp) => mau.reduce((total, users) => total + users, 0);
  return rps.toSorted((a, b) => sum(b) - sum(a));
}

/** The slots of the RPs with a line; null of those that had one. */
type Slots = ReadonlyMap<string, number | null>;

/** Gives the RPs with the most MAU a line each; those that had one keep its look, so that it is the same in 3 months and in 12. */
function firstSlots(rps: readonly Rp[], before: Slots = new Map()): Slots {
  const first = byMau(rps).slice(0, FIRST);
  const slots = new Map(
    first.flatMap(({ id }): [string, number | null][] => (before.has(id) ? [[id, before.get(id) ?? null]] : [])),
  );
  for (const { id } of first) if (!slots.has(id)) slots.set(id, freeSlot(slots));
  return slots;
}

function freeSlot(slots: Slots): number | null {
  const used = new Set(slots.values());
  return [...styles.keys()].find((slot) => !used.has(slot)) ?? null;
}

/**
 * Which RPs have a line in the graph, and how it looks: at first those with the most MAU. Once one was switched, a line keeps
 * its look while it is there, whichever others come and go.
 */
export function useLines(rps: readonly Rp[]) {
  const [{ slots, of, areChosen }, setLines] = useState(() => ({ slots: firstSlots(rps), of: rps, areChosen: false }));
  if (of !== rps) setLines({ slots: areChosen ? slots : firstSlots(rps, slots), of: rps, areChosen });
  return {
    isFull: freeSlot(slots) === null,
    /** Undefined of an RP without a line. */
    styleOf: (id: string): LineStyle | undefined => styles[slots.get(id) ?? -1],
    /** Whether an RP has, or had a line: it does not vanish from a list at the moment when it is switched off. */
    wasOn: (id: string): boolean => slots.has(id),
    /** Stays the same, so that of up to 1,000 rows only the one that is switched is rendered anew. */
    toggle: useCallback((id: string): void => {
      setLines(({ slots: present, of: shown }) => ({
        slots: new Map(present).set(id, (present.get(id) ?? null) === null ? freeSlot(present) : null),
        of: shown,
        areChosen: true,
      }));
    }, []),
  };
}

/** Gives what names an RP where there is no room for more: with a mark when it is removed. */
export function useRpName(): (rp: Pick<Rp, 'name' | 'removed'>) => string {
  const text = useText(texts);
  return ({ name, removed }) => (removed ? text.removed(name) : name);
}
