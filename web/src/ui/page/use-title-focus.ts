import { useEffect, useRef, type RefObject } from 'react';

/** Whether the console has not yet shown a page since the browser loaded the console. */
let isFirst = true;

/**
 * Returns the ref of a page's title. The title gets the focus, so that a screen reader announces the new page. The
 * title of the first page does not get the focus, because a screen reader announces a newly loaded page by itself.
 */
export function useTitleFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}
