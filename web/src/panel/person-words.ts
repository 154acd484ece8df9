/* How a person is called and where they stand, in words: the same on their row and in the live region, in the reader's language. */
import type { IssuePerson } from '../api/types';
import type { Words } from '../ui/words';

/** The server's word for an account that Jira does not know any more is English. */
export const nameOf = ({ name, former }: IssuePerson, words: Words): string => (former ? words.say('person.former_user') : name);

/** Without any time, which stands beside it. */
export function standingOf({ standing, former, addressProblem, invitation, presence }: IssuePerson, provider: string, words: Words): string {
  if (former && standing === 'inactive') return words.say('standing.former');
  if (standing === 'address_not_shared' && addressProblem) return words.say(`standing.address.${addressProblem}`, { provider });
  if (standing === 'invited' && invitation?.state === 'pending') return words.say('person.inviting');
  if (standing === 'unknown' && presence) return words.say('person.last_known', { presence: words.say(`standing.${presence}`) });
  return words.say(`standing.${standing}`);
}
