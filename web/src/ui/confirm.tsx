/*
 * A question in place, before something that cannot be taken back. It says what will happen; focus goes to it and, when it is
 * declined, back to where it came from.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useRef, type ReactNode } from 'react';
import { useWords } from './words';
import './confirm.css';

interface ConfirmProps {
  question: string;
  action: string;
  decline?: string;
  busy: boolean;
  onConfirm: () => void;
  onDecline: () => void;
  children?: ReactNode;
}

export function Confirm({ question, action, decline, busy, onConfirm, onDecline, children }: ConfirmProps) {
  const words = useWords();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    group.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div
      ref={group}
      className="confirm"
      role="group"
      aria-label={question}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDecline();
      }}
    >
      <p>{question}</p>
      {children}
      <div className="actions">
        <Button appearance="danger" spacing="compact" isLoading={busy} onClick={onConfirm}>
          {action}
        </Button>
        <Button appearance="subtle" spacing="compact" isDisabled={busy} onClick={onDecline}>
          {decline ?? words.say('common.cancel')}
        </Button>
      </div>
    </div>
  );
}
