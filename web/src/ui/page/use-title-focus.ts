import { useEffect, useRef, type RefObject } from 'react';

/** True until the console has shown its first page. */
let isFirst = true;

/**
 * Returns the ref for the title of a page. When the page appears, the title gets the focus, so that a screen reader
 * announces the new page. The title of the first page does not get the focus, because a screen reader announces a newly
 * loaded page by itself.
 */
export function useTitleFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true });
    isFirst = false;
  }, []);
  return heading;
}
