import { Button, type ButtonProps } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type ButtonHTMLAttributes } from 'react';

export interface ActionButtonProps
  extends ButtonProps, Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps> {
  /** Whether the button's action is running. */
  readonly loading: boolean;
}

/**
 * Shows a button. While the action of the button runs, the button is disabled and shows a loading indicator. If the
 * button had the focus, the button gets the focus back when the action ends.
 */
export function ActionButton({ loading, ...props }: ActionButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
  // React runs this effect before the browser takes the focus from the disabled button.
  useLayoutEffect(() => {
    if (loading) hadFocus.current = document.activeElement === button.current;
  }, [loading]);
  useEffect(() => {
    if (!loading && hadFocus.current && document.activeElement === document.body) button.current?.focus();
  }, [loading]);
  return <Button {...props} loading={loading} ref={button} />;
}
