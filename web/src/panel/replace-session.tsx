import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Session, SessionCreated } from '../api/types';
import { Confirm } from '../ui/confirm';
import { Field, Select } from '../ui/field';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';
import { validityChoices } from './validities';

interface ReplaceSessionProps {
  session: Session;
  /** What the admin chose for new sessions, in minutes. */
  usualValidity: number;
  onReplaced: (answer: SessionCreated) => void;
  onLeave: () => void;
}

/** A session cannot be made longer at the provider: another one takes its place, valid for as long as is chosen here. */
export function ReplaceSession({ session, usualValidity, onReplaced, onLeave }: ReplaceSessionProps) {
  const words = useWords();
  const [validity, setValidity] = useState(String(usualValidity));
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  useHoldWhile(true);
  const replace = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.replaceSession(session.id, Number(validity));
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    onLeave();
    onReplaced(answer.value);
  };
  return (
    <Confirm
      question={words.say('session.replace_question')}
      action={words.say('session.replace')}
      harmless
      busy={busy}
      typed={validity !== String(usualValidity)}
      onConfirm={() => void replace()}
      onDecline={onLeave}
    >
      <Field label={words.say('create.validity')}>
        {(ids) => <Select ids={ids} value={validity} choices={validityChoices(usualValidity, words)} onChange={setValidity} />}
      </Field>
      {failure && <Problem failure={failure} />}
    </Confirm>
  );
}
