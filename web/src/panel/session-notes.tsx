import Button from '@atlaskit/button/new';
import { useEffect } from 'react';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { isEscape } from '../ui/keys';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';
import { NotesField, useTypedNotes } from './notes-field';

interface SessionNotesProps {
  session: Session;
  apply: (session: Session) => void;
  onSaved: () => void;
  onLeave: () => void;
}

/** What the team wants to remember, in place. What was typed stays through every failure; Escape leaves only what is unchanged. */
export function SessionNotes({ session, apply, onSaved, onLeave }: SessionNotesProps) {
  const words = useWords();
  const typed = useTypedNotes({
    session,
    apply,
    write: (notes) => api.noteSession(session.id, notes),
    onWritten: (noted) => {
      onLeave();
      apply(noted);
      onSaved();
    },
  });
  const { area, busy } = typed;
  useHoldWhile(true);
  useEffect(() => {
    const from = document.activeElement;
    area.current?.focus();
    return () => {
      if (from instanceof HTMLElement && from !== document.body && from.isConnected) from.focus({ preventScroll: true });
    };
  }, [area]);
  return (
    <form
      className="notes"
      onSubmit={(event) => {
        event.preventDefault();
        typed.send();
      }}
      onKeyDown={(event) => {
        if (isEscape(event) && !busy && !typed.changed) onLeave();
      }}
    >
      <NotesField typed={typed} label={words.say('session.notes_label')} keep={words.say('session.notes_keep')} />
      <div className="actions">
        <Button type="submit" appearance="primary" spacing="compact" isLoading={busy && !typed.clash} isDisabled={typed.clash !== undefined}>
          {words.say('session.notes_save')}
        </Button>
        <Button appearance="subtle" spacing="compact" isDisabled={busy} onClick={onLeave}>
          {words.say('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
