import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import { useId, type MouseEventHandler } from 'react';

export interface ReasonedButtonProps extends ButtonProps {
  /** Why this person may not use the button now; null when they may. */
  readonly reason: string | null;
  readonly onClick: MouseEventHandler<HTMLButtonElement>;
}

/**
 * A button that is disabled with a reason. It stays in reach of the keyboard, so that everyone can learn the reason: shown at
 * hovering, focus and touch, and read out as the button's description.
 */
export function ReasonedButton({ reason, onClick, children, ...props }: ReasonedButtonProps) {
  const id = useId();
  if (reason === null) {
    return (
      <Button {...props} onClick={onClick}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip
      label={reason}
      multiline
      maw={280}
      events={{ hover: true, focus: true, touch: true }}
      // In the page's main part as all content: what stands outside of every landmark is missed.
      portalProps={{ target: '#content' }}
    >
      <span>
        <Button
          {...props}
          data-disabled
          aria-disabled
          aria-describedby={id}
          onClick={(event) => {
            event.preventDefault();
          }}
        >
          {children}
        </Button>
        <span id={id} hidden>
          {reason}
        </span>
      </span>
    </Tooltip>
  );
}
