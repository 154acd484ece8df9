/* How a session's state is called and looks, and its time: what is left of it, or when it ended. The same wherever agents see it. */
import type { Session, SessionState } from '../api/types';
import { When } from './when';
import { isolated, useWords, type Key, type Words } from './words';

const stateLooks = {
  intended: 'inprogress',
  open: 'inprogress',
  customer_present: 'success',
  in_progress: 'success',
  closed: 'default',
  expired: 'default',
  failed: 'removed',
  reported: 'default',
} as const satisfies Record<SessionState, string>;

const over: ReadonlySet<SessionState> = new Set(['closed', 'expired', 'reported', 'failed']);

/** Nothing more is done with it here, but a try again. */
export const isOver = ({ state }: Session): boolean => over.has(state);

/** Ended here, and still open at the provider. */
export const isClosing = ({ state, steps }: Session): boolean => state === 'closed' && steps.closing === 'pending';

/** Ended before there was anything to join. */
export const isCancelled = ({ state, code, steps }: Session): boolean => state === 'closed' && code === undefined && steps.session !== 'done';

/** What people read of its state, and the lozenge's looks. */
export function stateOf(session: Session): { word: Key; look: (typeof stateLooks)[SessionState] } {
  if (isCancelled(session)) return { word: 'state.cancelled', look: 'default' };
  if (isClosing(session)) return { word: 'state.closing', look: 'inprogress' };
  return { word: `state.${session.state}`, look: stateLooks[session.state] };
}

/** Of an account whose data was erased nothing is left to name it by. */
export const agentName = (words: Words, { name }: Session['supporter']): string => (name === '' ? words.say('session.erased_agent') : isolated(name));

export function TimeLeft({ validUntil, now }: { validUntil: string; now: number }) {
  const words = useWords();
  return (
    <span className="quiet">
      <When iso={validUntil} meaning={(time) => words.say('session.valid_until', { time })}>
        {words.left(validUntil, now)}
      </When>
    </span>
  );
}

function HereSince({ since, now }: { since: string; now: number }) {
  const words = useWords();
  return (
    <span className="quiet">
      <When iso={since} meaning={(time) => words.say('session.here_since_exact', { time })}>
        {words.say('session.here_since', { time: words.span(Math.max(0, now - Date.parse(since))) })}
      </When>
    </span>
  );
}

/** `now`: the server's time. */
export function TimeOf({ session, now }: { session: Session; now: number }) {
  const words = useWords();
  switch (session.state) {
    case 'open':
      return <TimeLeft validUntil={session.validUntil} now={now} />;
    case 'customer_present':
    case 'in_progress':
      // Who is there needs the link no longer: how long they have been there is what counts.
      return session.customerSince ? <HereSince since={session.customerSince} now={now} /> : <TimeLeft validUntil={session.validUntil} now={now} />;
    case 'closed':
    case 'expired':
    case 'reported': {
      if (isClosing(session)) return null;
      const ended = session.endedAt ?? session.validUntil;
      return (
        <span className="quiet">
          <When iso={ended} meaning={(time) => words.say('session.ended_at', { time })}>
            {words.ago(ended, now)}
          </When>
        </span>
      );
    }
    case 'intended':
    case 'failed':
      return (
        <span className="quiet">
          <When iso={session.createdAt} meaning={(time) => words.say('session.created_at', { time })}>
            {words.ago(session.createdAt, now)}
          </When>
        </span>
      );
  }
}
