import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import { useId, type MouseEventHandler } from 'react';

export interface ReasonedButtonProps extends ButtonProps {
  /** Why the button is disabled for this person, or null if the button is enabled. */
  readonly reason: string | null;
  readonly onClick: MouseEventHandler<HTMLButtonElement>;
}

/**
 * Shows a button that tells people why the button is disabled. The keyboard can still reach a disabled button, so that
 * everybody can learn the reason. The reason appears on hover, focus and touch, and screen readers read it as the
 * button's description.
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
      // The tooltip is inside the page's main landmark, because screen readers may skip content outside all landmarks.
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
