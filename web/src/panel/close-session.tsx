import TextArea from '@atlaskit/textarea';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Session } from '../api/types';
import { Confirm } from '../ui/confirm';
import { Field } from '../ui/field';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';

const kMostNotes = 4000;

export function CloseSession({ session, apply, onLeave }: { session: Session; apply: (session: Session) => void; onLeave: () => void }) {
  const words = useWords();
  const [before] = useState(session.notes ?? '');
  const [notes, setNotes] = useState(before);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useHoldWhile(true);
  const close = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.closeSession(session.id, notes === before ? undefined : notes.trim());
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    onLeave();
    apply(answer.value.session);
  };
  return (
    <Confirm
      question={words.say('session.close_question')}
      action={words.say('session.close')}
      busy={busy}
      typed={notes !== before}
      onConfirm={() => void close()}
      onDecline={onLeave}
    >
      <Field label={words.say('session.close_notes')}>
        {(ids) => <TextArea {...ids} value={notes} maxLength={kMostNotes} minimumRows={2} resize="vertical" onChange={(event) => setNotes(event.target.value)} />}
      </Field>
      {failure && <Problem failure={failure} />}
    </Confirm>
  );
}
