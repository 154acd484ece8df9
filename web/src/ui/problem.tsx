import Button from '@atlaskit/button/new';
import type { ReactNode } from 'react';
import type { Failure } from '../api/client';
import type { ErrorAnswer } from '../api/types';
import { Message } from './message';
import { useWords } from './words';

/** A failure in words, with "Try again" where trying again can help. */
export function Problem({ failure, onRetry, more }: { failure: Failure | ErrorAnswer; onRetry?: () => void; more?: ReactNode }) {
  const words = useWords();
  const retry = onRetry && (
    <Button spacing="compact" onClick={onRetry}>
      {words.say('common.try_again')}
    </Button>
  );
  return (
    <Message kind="error" actions={retry || more ? <>{retry}{more}</> : undefined}>
      {words.failure(failure)}
    </Message>
  );
}
