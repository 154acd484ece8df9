import Button from '@atlaskit/button/new';
import { useEffect, useRef, type ReactNode } from 'react';
import type { Failure } from '../api/client';
import { useAnnounce } from './live';
import { Message } from './message';
import { useWords } from './words';

interface ProblemProps {
  failure: Failure;
  onRetry?: (() => void) | undefined;
  /** Another try is under way: the button stays, so that focus does. */
  retrying?: boolean;
  /** It came by itself, not of something that the reader has just done: the polite live region tells of it, this is only seen. */
  arrived?: boolean;
  more?: ReactNode;
  /** In place of the failure's own words, where the page says the rest of it elsewhere. */
  text?: string | undefined;
}

/** A failure in words, with "Try again" where trying again can help. What Belay mends by itself looks like a warning. */
export function Problem({ failure, onRetry, retrying = false, arrived = false, more, text: instead }: ProblemProps) {
  const words = useWords();
  const announce = useAnnounce();
  const text = instead ?? words.failure(failure);
  // The same words again are no change of the page, so nobody would hear that the other try failed too.
  const tried = useRef(false);
  useEffect(() => {
    if (tried.current && !retrying) announce(text);
    tried.current = retrying;
  }, [retrying, text, announce]);
  const goesOn = failure.outcome === 'waiting' || failure.outcome === 'unknown';
  const retry = onRetry && (
    <Button spacing="compact" isLoading={retrying} onClick={onRetry}>
      {words.say('common.try_again')}
    </Button>
  );
  return (
    <Message kind={goesOn ? 'warning' : 'error'} alert={!arrived} actions={retry || more ? <>{retry}{more}</> : undefined}>
      {text}
    </Message>
  );
}
