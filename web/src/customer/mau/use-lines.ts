import { useCallback, useState } from 'react';
import type { MauView } from '../../client/types.gen.ts';
import { lineStyles, type LineStyle } from './line-style.tsx';

type Rp = MauView['rps'][number];

/** The number of RPs that have a line at first. The RPs with the most MAU are chosen. */
const FIRST = 5;

/** Sorts RPs by their MAU in the months shown, highest first. */
export function byMau(rps: readonly Rp[]): Rp[] {
  const sum = ({ mau }: Rp) => mau.reduce((total, users) => total + users, 0);
  return rps.toSorted((a, b) => sum(b) - sum(a));
}

/**
 * Maps the ID of an RP to the index of the style of the RP's line. The value is null if the person switched the line
 * off.
 */
type Slots = ReadonlyMap<string, number | null>;

/**
 * Assigns a line to each of the RPs with the most MAU. If such an RP already has a line, the line keeps its style, so
 * that the style stays the same when the person chooses another period.
 */
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
  return [...lineStyles.keys()].find((slot) => !used.has(slot)) ?? null;
}

/**
 * Stores which RPs have a line in the graph, and the style of each line. At first, the RPs with the most MAU have a
 * line. After the person has switched a line on or off, this hook no longer chooses the RPs by their MAU, and each line
 * keeps its style.
 */
export function useLines(rps: readonly Rp[]) {
  const [{ slots, of, areChosen }, setLines] = useState(() => ({ slots: firstSlots(rps), of: rps, areChosen: false }));
  if (of !== rps) setLines({ slots: areChosen ? slots : firstSlots(rps, slots), of: rps, areChosen });
  return {
    isFull: freeSlot(slots) === null,
    /** Returns the style of an RP's line, or undefined for an RP without a line. */
    styleOf: (id: string): LineStyle | undefined => lineStyles[slots.get(id) ?? -1],
    /**
     * Returns whether an RP has or had a line. The table uses this function so that an RP's row does not disappear when
     * the person switches the RP's line off.
     */
    wasOn: (id: string): boolean => slots.has(id),
    /**
     * Switches the line of an RP on or off. This function is the same object on every render. Therefore, React renders
     * only the row of this RP again, not every row of the table, which can have 1,000 rows.
     */
    toggle: useCallback((id: string): void => {
      setLines(({ slots: present, of: shown }) => ({
        slots: new Map(present).set(id, (present.get(id) ?? null) === null ? freeSlot(present) : null),
        of: shown,
        areChosen: true,
      }));
    }, []),
  };
}
