import { hashKey } from '@tanstack/react-query';
import { useState } from 'react';
import { problemOf, slugOf } from '../../api/problem.ts';
import { useSave, type SaveOptions } from './use-save.ts';

/** The arguments of the API client's functions that edit something that has a version. */
export interface Edit<Body> {
  readonly body: Body;
  readonly headers: { readonly 'If-Match': string };
}

export interface VersionedEditOptions<View, Body> extends SaveOptions<View> {
  /** Saves the edit if the version in `If-Match` is current. */
  readonly save: (edit: Edit<Body>) => Promise<{ readonly data: View }>;
  /** The data that the console had loaded when the form was opened. */
  readonly view: View;
  readonly versionOf: (view: View) => number;
  /** Reads the current data from the service. */
  readonly read: () => Promise<View>;
  /** Returns the part of the data that the form shows. */
  readonly shows: (view: View) => unknown;
  /**
   * Called with the current data if another person changed the part that the form shows.
   * @default - nothing happens
   */
  readonly onConflict?: (now: View) => void;
}

/**
 * How many times `useVersionedEdit` automatically sends a rejected edit again if other people changed only parts of the
 * data that the form does not show.
 */
const RETRIES = 2;

/**
 * Returns a mutation that saves an edit, based on the version that the form shows. If someone else has changed the data
 * after this version was read, the service saves nothing, and this hook reads the data again:
 * - If the edit of the other person did not change the part that the form shows, this hook sends the edit again, based
 *   on the current version.
 * - Otherwise, `isConflict` is true, and the form can show the current values, which `seen` contains. If the person
 *   saves again, the edit is based on the version that this hook read last.
 */
export function useVersionedEdit<View, Body>({
  save,
  view,
  versionOf,
  read,
  shows,
  onConflict,
  ...options
}: VersionedEditOptions<View, Body>) {
  const [seen, setSeen] = useState(view);
  const saveOn = async (on: View, body: Body, retries = RETRIES): Promise<View> => {
    try {
      const { data } = await save({ body, headers: { 'If-Match': `"${versionOf(on)}"` } });
      return data;
    } catch (error) {
      if (!isConflict(error)) throw error;
      const now = await read();
      setSeen(now);
      if (retries > 0 && hashKey([shows(now)]) === hashKey([shows(on)])) return saveOn(now, body, retries - 1);
      onConflict?.(now);
      throw error;
    }
  };
  const edit = useSave<View, unknown, Body>({ mutationFn: (body) => saveOn(seen, body) }, options);
  return { ...edit, seen, isConflict: isConflict(edit.error) };
}

const isConflict = (error: unknown) => slugOf(problemOf(error)) === 'version-conflict';
