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

/** Whether the session ended while there was unsaved input. React removes the entries of a page that it hides. */
let isWaiting = false;

/**
 * Returns whether the page of a session that has ended must wait for the same person, because the person would lose
 * something with the page. A page that waits keeps waiting until `endWaiting` is called.
 */
export const waitsForPerson = (): boolean => (isWaiting ||= unsaved.size > 0);

/** Ends the waiting, because somebody is signed in. */
export const endWaiting = (): void => {
  isWaiting = false;
};

/** Treats all input as saved. The person signed out on another tab, so they want to leave nothing on the screen. */
export const forgetUnsavedInput = (): void => {
  unsaved.clear();
  endWaiting();
};
