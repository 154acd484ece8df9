/*
 * A question in place, before something that cannot be taken back, or that needs a word more. It says what will happen; focus goes to it and, when it is
 * declined, back to where it came from.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { isEscape } from './keys';
import { useWords } from './words';
import './confirm.css';

interface QuestionProps {
  question: string;
  action: string;
  decline?: string;
  busy: boolean;
  onConfirm: () => void;
  children?: ReactNode;
  /** It takes nothing away. */
  harmless?: boolean;
}

interface ConfirmProps extends QuestionProps {
  onDecline: () => void;
  /** Something was typed that Escape would throw away: then it does nothing. */
  typed?: boolean;
  /** Something inside has to be decided first. */
  waits?: boolean;
}

export function Confirm({ question, action, decline, busy, onConfirm, onDecline, typed = false, waits = false, children, harmless = false }: ConfirmProps) {
  const words = useWords();
  const group = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    group.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before !== document.body && before.isConnected) before.focus({ preventScroll: true });
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
        if (isEscape(event) && !busy && !typed) onDecline();
      }}
    >
      <p>{question}</p>
      {children}
      <div className="actions">
        <Button appearance={harmless ? 'primary' : 'danger'} spacing="compact" isLoading={busy && !waits} isDisabled={waits} onClick={onConfirm}>
          {action}
        </Button>
        <Button appearance="subtle" spacing="compact" isDisabled={busy} onClick={onDecline}>
          {decline ?? words.say('common.cancel')}
        </Button>
      </div>
    </div>
  );
}

/** For a button in whose place its question stands: once the button is back it has focus. */
export function useOpener(asking: boolean): RefObject<HTMLButtonElement> {
  const opener = useRef<HTMLButtonElement>(null);
  const asked = useRef(false);
  useEffect(() => {
    if (!asking && asked.current) opener.current?.focus({ preventScroll: true });
    asked.current = asking;
  }, [asking]);
  return opener;
}

/**
 * A button whose question stands in its place until it is answered. Declined, the button is back, and has focus.
 * `onAsk`: what the question needs to know is looked up before it comes.
 */
export function AskFirst({ onAsk, ...props }: QuestionProps & { onAsk?: () => Promise<void> }) {
  const [asking, setAsking] = useState(false);
  const [looking, setLooking] = useState(false);
  const ask = async () => {
    if (onAsk) {
      setLooking(true);
      await onAsk();
      setLooking(false);
    }
    setAsking(true);
  };
  const opener = useOpener(asking);
  if (asking) return <Confirm {...props} onDecline={() => setAsking(false)} />;
  return (
    <div className="actions">
      <Button ref={opener} isLoading={looking} onClick={() => void ask()}>
        {props.action}
      </Button>
    </div>
  );
}
