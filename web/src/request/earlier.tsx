/* Sessions of the last days that ended, one line each. */
import type { RequestSession } from '../api/types';
import { When } from '../ui/when';
import { useWords, type Key } from '../ui/words';
import { kindOf, supporterWithin } from './kinds';

export function Earlier({ sessions, cut, now }: { sessions: RequestSession[]; cut: boolean; now: number }) {
  const words = useWords();
  if (sessions.length === 0) return null;
  const title = words.say('request.earlier');
  return (
    <section className="stack" aria-label={title}>
      <h2 className="heading">{title}</h2>
      <ul className="stack">
        {sessions.map((session) => {
          const ended = session.endedAt ?? session.validUntil;
          return (
            <li key={session.id}>
              {words.say(`request.past.${kindOf(session, false)}` as Key, { name: supporterWithin(words, session) })}{' '}
              <span className="quiet">
                <When iso={ended} meaning={(time) => words.say('request.ended_at', { time })}>
                  {words.ago(ended, now)}
                </When>
              </span>
            </li>
          );
        })}
      </ul>
      {cut && <p className="quiet">{words.say('request.cut')}</p>}
    </section>
  );
}
