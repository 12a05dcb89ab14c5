import { Button, type ButtonProps } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, type ButtonHTMLAttributes } from 'react';

export interface ActionButtonProps
  extends ButtonProps, Omit<ButtonHTMLAttributes<HTMLButtonElement>, keyof ButtonProps> {
  /** Whether what it starts is under way. */
  readonly loading: boolean;
}

/** A button that shows that its work is under way. It is disabled meanwhile, and has the focus again afterwards if it had it before. */
export function ActionButton({ loading, ...props }: ActionButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const hadFocus = useRef(false);
  // Before the browser takes the focus from what is disabled now.
  useLayoutEffect(() => {
    if (loading) hadFocus.current = document.activeElement === button.current;
  }, [loading]);
  useEffect(() => {
    if (!loading && hadFocus.current && document.activeElement === document.body) button.current?.focus();
  }, [loading]);
  return <Button {...props} loading={loading} ref={button} />;
}
