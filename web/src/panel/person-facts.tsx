/* What is behind a standing: an invitation that did not leave, who tied this person by hand, and on demand how they were found. */
import Button from '@atlaskit/button/new';
import type { IssuePerson } from '../api/types';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';

interface PersonFactsProps {
  person: IssuePerson;
  provider: string;
  how: boolean;
  undoing: boolean;
  onUndo: () => void;
}

export function PersonFacts({ person, provider, how, undoing, onUndo }: PersonFactsProps) {
  const words = useWords();
  const { invitation, mapping, matchedBy, standing, addressProblem } = person;
  // Once they are a contact, it is of no interest that an invitation failed.
  const failed = invitation?.state === 'failed' && (standing === 'not_contact' || standing === 'invited' || standing === 'address_not_shared');
  return (
    <>
      {failed && <Problem arrived failure={{ code: invitation.why ?? 'internal_error', detail: { provider } }} />}
      {mapping && (
        <div className="person-mapping">
          <p className="quiet">
            {words.say('person.tied', { to: isolated(mapping.to), by: isolated(mapping.by.name), time: words.exact(mapping.at) })}
            {standing === 'address_not_shared' && !addressProblem && ` ${words.say('person.tied_to_nothing')}`}
          </p>
          <Button spacing="compact" appearance="subtle" isLoading={undoing} onClick={onUndo}>
            {words.say('person.undo')}
          </Button>
        </div>
      )}
      {how && matchedBy && <p className="quiet">{words.say(`person.matched.${matchedBy}`, { provider })}</p>}
    </>
  );
}

// A name that is written from right to left keeps its direction to itself: U+2068, U+2069.
const isolated = (text: string): string => `\u2068${text}\u2069`;
