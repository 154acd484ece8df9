/* Where a person stands, in words: what is known, and how old that is where it is older than the panel's own pace. */
import type { IssuePerson } from '../api/types';
import { When } from '../ui/when';
import { useWords, type Words } from '../ui/words';

export function StandingWords({ person, provider, now }: { person: IssuePerson; provider: string; now: number }) {
  const words = useWords();
  const { standing, invitation } = person;
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
  return <span className="quiet person-standing">{wordsOf(person, provider, words)}</span>;
}

function wordsOf({ standing, former, addressProblem, invitation, presence, presenceAge }: IssuePerson, provider: string, words: Words): string {
  if (former && standing === 'inactive') return words.say('standing.former');
  if (standing === 'address_not_shared' && addressProblem) return words.say(`standing.address.${addressProblem}`, { provider });
  if (standing === 'invited' && invitation?.state === 'pending') return words.say('person.inviting');
  if (standing === 'unknown' && presence) {
    const last = words.say(`standing.${presence}`);
    return presenceAge === undefined ? words.say('person.last_known', { presence: last }) : words.say('person.last_known.age', { presence: last, time: words.age(presenceAge) });
  }
  const said = words.say(`standing.${standing}`);
  return presence && presenceAge !== undefined ? words.say('person.presence_age', { standing: said, time: words.age(presenceAge) }) : said;
}
