/*
 * Buttons that can be off and still say why. A button that the browser disables cannot be reached by keyboard, so nobody who uses one would
 * ever learn the reason: these stay in the tab order, describe themselves with it, and tell it when they are pressed.
 */
import Button from '@atlaskit/button/new';
import type { NewCoreIconProps } from '@atlaskit/icon';
import Spinner from '@atlaskit/spinner';
import { useId, useState, type ComponentType } from 'react';
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

/** An icon with its name as a tooltip, for the pointer and for focus alike. Once pressed it is known, and covers nothing that comes of it. */
export function IconAction({ icon: Icon, label, reason, busy = false, onPress, onReason }: ActionProps & { icon: ComponentType<NewCoreIconProps> }) {
  const id = useId();
  const [pressed, setPressed] = useState(false);
  return (
    <>
      <button
        type="button"
        className="icon-action"
        aria-label={label}
        aria-disabled={reason ? true : undefined}
        aria-describedby={reason ? id : undefined}
        aria-busy={busy || undefined}
        onPointerLeave={() => setPressed(false)}
        onBlur={() => setPressed(false)}
        onClick={() => {
          if (busy) return;
          setPressed(true);
          if (reason) onReason(reason);
          else onPress();
        }}
      >
        {busy ? <Spinner size="small" label="" /> : <Icon label="" color="currentColor" />}
      </button>
      {!pressed && (
        <span className="tip" aria-hidden="true">
          {label}
        </span>
      )}
      {reason && <Reason id={id}>{reason}</Reason>}
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
      <Reason id={id}>{reason}</Reason>
    </>
  );
}

/** Heard with the button; whoever sees it reads why on the page, in short. */
function Reason({ id, children }: { id: string; children: string }) {
  return (
    <span id={id} hidden>
      {children}
    </span>
  );
}
