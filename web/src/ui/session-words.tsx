/* How a session's state looks, and its time: what is left of it, or when it ended. The same on the panel and on one's own page. */
import type { Session, SessionState } from '../api/types';
import { When } from './when';
import { useWords } from './words';

export const stateLooks = {
  intended: 'inprogress',
  open: 'inprogress',
  customer_present: 'success',
  in_progress: 'success',
  closed: 'default',
  expired: 'default',
  failed: 'removed',
  reported: 'default',
} as const satisfies Record<SessionState, string>;

/** `now`: the server's time. */
export function TimeOf({ session, now }: { session: Session; now: number }) {
  const words = useWords();
  switch (session.state) {
    case 'open':
    case 'customer_present':
    case 'in_progress':
      return (
        <span className="quiet">
          <When iso={session.validUntil} meaning={(time) => words.say('session.valid_until', { time })}>
            {words.left(session.validUntil, now)}
          </When>
        </span>
      );
    case 'closed':
    case 'expired':
    case 'reported': {
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
