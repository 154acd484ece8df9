/*
 * Buttons that can be off and still say why. A button that the browser disables cannot be reached by keyboard, so nobody who uses one would
 * ever learn the reason: these stay in the tab order, describe themselves with it, and tell it when they are pressed.
 */
import Button from '@atlaskit/button/new';
import type { NewCoreIconProps } from '@atlaskit/icon';
import Spinner from '@atlaskit/spinner';
import { useId, type ComponentType } from 'react';
import './action.css';

interface ActionProps {
  label: string;
  /** Why it is off; absent: it is on. */
  reason?: string | undefined;
  busy?: boolean;
  onPress: () => void;
  /** Pressed while it is off. */
  onReason: (reason: string) => void;
}

/** An icon with its name as a tooltip, for the pointer and for focus alike. */
export function IconAction({ icon: Icon, label, reason, busy = false, onPress, onReason }: ActionProps & { icon: ComponentType<NewCoreIconProps> }) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className="icon-action"
        aria-label={label}
        aria-disabled={reason ? true : undefined}
        aria-describedby={reason ? id : undefined}
        aria-busy={busy || undefined}
        onClick={() => {
          if (busy) return;
          if (reason) onReason(reason);
          else onPress();
        }}
      >
        {busy ? <Spinner size="small" label="" /> : <Icon label="" color="currentColor" />}
      </button>
      <span className="tip" aria-hidden="true">
        {label}
        {reason && <span id={id} className="tip-reason">{reason}</span>}
      </span>
    </>
  );
}

/** The same with words. */
export function WordAction({ label, reason, busy = false, onPress, onReason }: ActionProps) {
  const id = useId();
  if (!reason) {
    return (
      <Button spacing="compact" isLoading={busy} onClick={onPress}>
        {label}
      </Button>
    );
  }
  return (
    <>
      <button type="button" className="word-action" aria-disabled aria-describedby={id} onClick={() => onReason(reason)}>
        {label}
      </button>
      <span id={id} className="tip" aria-hidden="true">
        {reason}
      </span>
    </>
  );
}
