/*
 * The people on the issue. Each standing has its words; what can be done with a person is decided by the server and shown only
 * where this page knows the action.
 */
import Avatar from '@atlaskit/avatar';
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import type { IssuePerson } from '../api/types';
import { useWords } from '../ui/words';

const kFirst = 8;

const presences = { online: 'online', away: 'focus', busy: 'busy', offline: 'offline' } as const;

export function People({ people, more }: { people: IssuePerson[]; more: boolean }) {
  const words = useWords();
  const [all, setAll] = useState(false);
  const shown = all ? people : people.slice(0, kFirst);
  return (
    <>
      {people.length === 0 && !more && <p className="quiet">{words.say('panel.no_people')}</p>}
      <ul className="people">
        {shown.map((person) => (
          <Person key={person.id} person={person} />
        ))}
      </ul>
      {more && <p className="quiet">{words.say('panel.more_comments')}</p>}
      {shown.length < people.length && (
        <Button appearance="subtle" spacing="compact" onClick={() => setAll(true)}>
          {words.say('panel.show_all', { count: people.length })}
        </Button>
      )}
    </>
  );
}

function Person({ person }: { person: IssuePerson }) {
  const words = useWords();
  return (
    <li className={person.standing === 'inactive' ? 'person person-inactive' : 'person'}>
      <Avatar size="small" src={person.picture} presence={person.presence && presences[person.presence]} />
      <div className="person-words">
        <bdi className="person-name">{person.name}</bdi>
        <span className="quiet">{person.roles.map((role) => words.say(`role.${role}`)).join(', ')}</span>
        {person.standing !== 'not_linked' && <span className="quiet person-standing">{words.say(`standing.${person.standing}`)}</span>}
      </div>
    </li>
  );
}
