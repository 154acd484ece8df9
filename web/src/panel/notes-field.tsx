/*
 * Where the notes of a session are typed. Another agent may write at the same time: then what stands there now is shown beside what was
 * typed, and the reader chooses.
 */
import Button from '@atlaskit/button/new';
import TextArea from '@atlaskit/textarea';
import { useId, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { Failure, Result } from '../api/client';
import type { Session, SessionAnswer, SessionNotes } from '../api/types';
import { Field } from '../ui/field';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';

const kMostNotes = 4000;

export interface TypedNotes {
  area: RefObject<HTMLTextAreaElement>;
  notes: string;
  type: (notes: string) => void;
  /** They differ from what stands there, as far as that is known. */
  changed: boolean;
  /** Somebody was faster: what stands there now. The reader has to choose. */
  clash: { notes: string } | undefined;
  busy: boolean;
  failure: Failure | undefined;
  /** In place of what is seen to stand there. */
  send: () => void;
  takeTheirs: () => void;
}

interface Typing {
  session: Session;
  write: (notes: SessionNotes) => Promise<Result<SessionAnswer>>;
  onWritten: (session: Session) => void;
  /** The session has other notes than the page knew. */
  apply: (session: Session) => void;
}

export function useTypedNotes({ session, write, onWritten, apply }: Typing): TypedNotes {
  const [before, setBefore] = useState(session.notes ?? '');
  const [notes, setNotes] = useState(before);
  const [clash, setClash] = useState<TypedNotes['clash']>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const area = useRef<HTMLTextAreaElement>(null);
  const latest = useRef(session);
  latest.current = session;
  const stands = clash?.notes ?? before;

  const send = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await write({ notes: notes.trim(), before: stands });
    setBusy(false);
    if (answer.ok) return onWritten(answer.value.session);
    const { code, detail } = answer.failure;
    if (code !== 'notes_changed') return setFailure(answer.failure);
    const theirs = detail?.notes ?? '';
    setClash({ notes: theirs });
    const { notes: _old, ...rest } = latest.current;
    apply(theirs === '' ? rest : { ...rest, notes: theirs });
  };
  const takeTheirs = () => {
    setBefore(stands);
    setNotes(stands);
    setClash(undefined);
    setFailure(undefined);
    area.current?.focus();
  };
  return { area, notes, type: setNotes, changed: notes !== stands, clash, busy, failure, send: () => void send(), takeTheirs };
}

/** `keep`: what the button says that writes what was typed over theirs. */
export function NotesField({ typed, label, keep }: { typed: TypedNotes; label: string; keep: string }) {
  return (
    <>
      <Field label={label}>
        {(ids) => <TextArea {...ids} ref={typed.area} value={typed.notes} maxLength={kMostNotes} minimumRows={2} resize="vertical" onChange={(event) => typed.type(event.target.value)} />}
      </Field>
      {typed.clash && <Clash typed={typed} theirs={typed.clash} keep={keep} />}
      {typed.failure && <Problem failure={typed.failure} />}
    </>
  );
}

function Clash({ typed, theirs, keep }: { typed: TypedNotes; theirs: { notes: string }; keep: string }) {
  const words = useWords();
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  // Also when they have changed once more: so nobody presses on what they have not read.
  useLayoutEffect(() => group.current?.focus(), [theirs]);
  return (
    <div ref={group} role="group" aria-labelledby={`${id}-said`} aria-describedby={`${id}-theirs`} tabIndex={-1}>
      <Message
        kind="warning"
        actions={
          <>
            <Button spacing="compact" isLoading={typed.busy} onClick={typed.send}>
              {keep}
            </Button>
            <Button spacing="compact" isDisabled={typed.busy} onClick={typed.takeTheirs}>
              {words.say('session.notes_take')}
            </Button>
          </>
        }
      >
        <p id={`${id}-said`}>{words.failure({ code: 'notes_changed' })}</p>
        <div className="notes-theirs" id={`${id}-theirs`}>
          <p className="notes-theirs-title">{words.say('session.notes_theirs')}</p>
          <p className="session-notes">{theirs.notes === '' ? words.say('session.notes_theirs_none') : theirs.notes}</p>
        </div>
      </Message>
    </div>
  );
}
