/* Where a person stands, in words: what is known, and how old that is where it is older than an open panel keeps it. */
import type { IssuePerson } from '../api/types';
import { When } from '../ui/when';
import { useWords } from '../ui/words';
import { standingOf } from './person-words';

interface StandingWordsProps {
  person: IssuePerson;
  provider: string;
  now: number;
  /** Seconds since the server said so. */
  saidAgo: number;
}

export function StandingWords({ person, provider, now, saidAgo }: StandingWordsProps) {
  const words = useWords();
  const { standing, invitation, presence, presenceAge = 0 } = person;
  if (standing === 'not_linked') return null;
  if (standing === 'invited' && invitation?.sentAt && invitation.state !== 'pending') {
    return (
      <span className="quiet person-standing">
        <When iso={invitation.sentAt} meaning={(time) => words.say('person.invited_at', { time })}>
          {words.say('person.invited_since', { time: words.ago(invitation.sentAt, now) })}
        </When>
      </span>
    );
  }
  const age = presence ? presenceAge + saidAgo : 0;
  return (
    <span className="quiet person-standing">
      <span>{standingOf(person, provider, words)}</span>
      {age > 0 && <span>{words.say('time.ago', { time: words.age(age) })}</span>}
    </span>
  );
}
