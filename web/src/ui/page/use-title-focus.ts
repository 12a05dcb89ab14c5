import { useEffect, useRef, type RefObject } from 'react';

/** Whether no page has been shown since the console was loaded. */
let isFirst = true;

/**
 * Gives what the title of a page refers to: the focus goes there, so that a screen reader says that the page is another
 * one. Not on the first one, which begins at its top by itself.
 */
export function useTitleFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}
