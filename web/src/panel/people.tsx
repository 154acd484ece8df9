/*
 * The people on the issue. What can be done with a person is decided by the server and shown only where this page knows the action.
 */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import type { IssuePerson, Panel } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { useWords } from '../ui/words';
import { PersonRow } from './person-row';

const kFirst = 8;

interface PeopleProps {
  panel: Panel;
  order: string[];
  now: number;
  saidAgo: number;
  apply: (person: IssuePerson) => void;
  onCreateSession: (person: string) => void;
}

export function People({ panel, order, now, saidAgo, apply, onCreateSession }: PeopleProps) {
  const words = useWords();
  const [all, setAll] = useState(false);
  const list = useKeepFocus<HTMLUListElement>();
  const { people, more, viewer } = panel;
  const byId = new Map(people.map((person) => [person.id, person]));
  const shown = all ? order : order.slice(0, kFirst);
  return (
    <>
      {people.length === 0 && !more && <p className="quiet">{words.say('panel.no_people')}</p>}
      <ul className="people" ref={list} tabIndex={-1} aria-label={words.say('panel.people')}>
        {shown.map((id) => {
          const person = byId.get(id);
          return person && <PersonRow key={id} person={person} provider={words.say(`provider.${viewer.provider}`)} now={now} saidAgo={saidAgo} apply={apply} onCreateSession={onCreateSession} />;
        })}
      </ul>
      {more && <p className="quiet">{words.say('panel.more_comments')}</p>}
      {shown.length < people.length && (
        <Button
          appearance="subtle"
          spacing="compact"
          onClick={() => {
            setAll(true);
            list.current?.focus({ preventScroll: true });
          }}
        >
          {words.say('panel.show_all', { count: people.length })}
        </Button>
      )}
    </>
  );
}
