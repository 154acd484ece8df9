import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Session } from '../api/types';
import { Confirm } from '../ui/confirm';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';

interface SendAgainProps {
  session: Session;
  apply: (session: Session) => void;
  onSent: () => void;
  onLeave: () => void;
}

/** The invitation once more, as a new comment: the customer is told again. */
export function SendAgain({ session, apply, onSent, onLeave }: SendAgainProps) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useHoldWhile(true);
  const send = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.retrySession(session.id);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    onLeave();
    apply(answer.value.session);
    onSent();
  };
  // Jira tells who is mentioned, and only a person of the issue is.
  const isTold = session.customer?.id !== undefined && session.invitation === 'public';
  return (
    <Confirm question={words.say(isTold ? 'session.send_question' : 'session.send_question.nobody')} action={words.say('session.send_again')} harmless busy={busy} onConfirm={() => void send()} onDecline={onLeave}>
      {failure && <Problem failure={failure} />}
    </Confirm>
  );
}
