import { useEffect } from 'react';

/** One entry for each form on the page, shown or in a dialog, with input that the service does not have yet. */
const unsaved = new Set<symbol>();

/**
 * Notes, while a component is shown, whether it holds something that the person would lose with the page: input that is
 * not saved, or a secret that is shown only once.
 */
export function useUnsavedInput(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const entry = Symbol('unsaved input');
    unsaved.add(entry);
    return () => {
      unsaved.delete(entry);
    };
  }, [isUnsaved]);
}

/** Returns whether the person would lose something with the page. */
export const hasUnsavedInput = (): boolean => unsaved.size > 0;

/** Treats all input as saved. The person signed out on another tab, so they want to leave nothing on the screen. */
export const forgetUnsavedInput = (): void => {
  unsaved.clear();
};
