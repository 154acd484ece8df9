import Button from '@atlaskit/button/new';
import TextArea from '@atlaskit/textarea';
import { useEffect, useRef, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Session } from '../api/types';
import { Field } from '../ui/field';
import { isEscape } from '../ui/keys';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';

const kMostNotes = 4000;

interface SessionNotesProps {
  session: Session;
  apply: (session: Session) => void;
  onSaved: () => void;
  onLeave: () => void;
}

/** What the team wants to remember, in place. What was typed stays through every failure; Escape leaves only what is unchanged. */
export function SessionNotes({ session, apply, onSaved, onLeave }: SessionNotesProps) {
  const words = useWords();
  const [before] = useState(session.notes ?? '');
  const [notes, setNotes] = useState(before);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const area = useRef<HTMLTextAreaElement>(null);
  useHoldWhile(true);
  useEffect(() => {
    const from = document.activeElement;
    area.current?.focus();
    return () => {
      if (from instanceof HTMLElement && from !== document.body && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  const save = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.noteSession(session.id, notes.trim());
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    onLeave();
    apply(answer.value.session);
    onSaved();
  };
  return (
    <form
      className="notes"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (isEscape(event) && !busy && notes === before) onLeave();
      }}
    >
      <Field label={words.say('session.notes_label')}>
        {(ids) => <TextArea {...ids} ref={area} value={notes} maxLength={kMostNotes} minimumRows={2} resize="vertical" onChange={(event) => setNotes(event.target.value)} />}
      </Field>
      {failure && <Problem failure={failure} />}
      <div className="actions">
        <Button type="submit" appearance="primary" spacing="compact" isLoading={busy}>
          {words.say('session.notes_save')}
        </Button>
        <Button appearance="subtle" spacing="compact" isDisabled={busy} onClick={onLeave}>
          {words.say('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
