import { api } from '../api/client';
import type { Session } from '../api/types';
import { Confirm } from '../ui/confirm';
import { useWords } from '../ui/words';
import { useHoldWhile } from './hold';
import { NotesField, useTypedNotes } from './notes-field';

export function CloseSession({ session, apply, onLeave }: { session: Session; apply: (session: Session) => void; onLeave: () => void }) {
  const words = useWords();
  const typed = useTypedNotes({
    session,
    apply,
    // Whoever types nothing leaves what stands there, whatever it is by now.
    write: (notes) => api.closeSession(session.id, typed.changed ? notes : undefined),
    onWritten: (closed) => {
      onLeave();
      apply(closed);
    },
  });
  useHoldWhile(true);
  return (
    <Confirm
      question={words.say('session.close_question', { provider: words.say('provider.teamviewer') })}
      action={words.say('session.close')}
      busy={typed.busy}
      typed={typed.changed}
      waits={typed.clash !== undefined}
      onConfirm={typed.send}
      onDecline={onLeave}
    >
      <NotesField typed={typed} label={words.say('session.close_notes')} keep={words.say('session.notes_keep_close')} />
    </Confirm>
  );
}
