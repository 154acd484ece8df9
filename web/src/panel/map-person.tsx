/*
 * Ties a person by hand, in place: to one of the agent's own contacts, found by name, or to an address that is typed in. One field for both;
 * what looks like an address offers itself.
 */
import Button from '@atlaskit/button/new';
import Spinner from '@atlaskit/spinner';
import Textfield from '@atlaskit/textfield';
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { api, type Failure } from '../api/client';
import type { Contact, IssuePerson, PersonAnswer, PersonMapping } from '../api/types';
import { Field } from '../ui/field';
import { isEscape } from '../ui/keys';
import { useAnnounce } from '../ui/live';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { PersonPicture } from './person-picture';

// Long enough to type the next letter.
const kPauseMs = 300;
const kMostSearch = 100;
const kMostAddress = 254;

interface MapPersonProps {
  person: IssuePerson;
  provider: string;
  onMapped: (answer: PersonAnswer) => void;
  onCancel: () => void;
}

interface Found {
  search: string;
  contacts: Contact[];
  more: boolean;
}

export default function MapPerson({ person, provider, onMapped, onCancel }: MapPersonProps) {
  const words = useWords();
  const announce = useAnnounce();
  const form = useRef<HTMLFormElement>(null);
  const [typed, setTyped] = useState('');
  const [found, setFound] = useState<Found>();
  const [searching, setSearching] = useState(false);
  const [searchFailure, setSearchFailure] = useState<Failure>();
  const [busy, setBusy] = useState<string>();
  const [failure, setFailure] = useState<Failure>();

  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  const text = typed.trim();
  const address = /^\S+@\S+$/.test(text) ? text : undefined;
  const search = address || text.length > kMostSearch ? '' : text;

  // An answer to what was typed before is no answer to what stands there now.
  const latest = useRef('');
  latest.current = search;
  const look = useCallback(
    async (wanted: string) => {
      setSearching(true);
      const answer = await api.getContacts(wanted);
      if (latest.current !== wanted) return;
      setSearching(false);
      setSearchFailure(answer.ok ? undefined : answer.failure);
      if (!answer.ok) return;
      const { contacts, more } = answer.value;
      setFound({ search: wanted, contacts, more });
      announce([words.count('map.found', contacts.length), ...(more ? [words.say('map.more')] : [])].join('. '));
    },
    [announce, words],
  );
  useEffect(() => {
    setSearchFailure(undefined);
    setSearching(false);
    if (search === '') return setFound(undefined);
    const timer = window.setTimeout(() => void look(search), kPauseMs);
    return () => window.clearTimeout(timer);
  }, [search, look]);

  const tie = async (key: string, to: PersonMapping) => {
    if (busy) return;
    setBusy(key);
    setFailure(undefined);
    const answer = await api.mapPerson(person.id, to);
    setBusy(undefined);
    if (answer.ok) onMapped(answer.value);
    else setFailure(answer.failure);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (address) void tie('address', { address });
    else form.current?.querySelector<HTMLElement>('.contact')?.focus();
  };

  return (
    <form
      ref={form}
      className="map"
      aria-label={words.say('map.title', { name: person.name })}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (isEscape(event) && !busy && typed === '') onCancel();
      }}
    >
      <Field label={words.say('map.field')} hint={words.say('map.hint', { provider })}>
        {(ids) => <Textfield {...ids} value={typed} maxLength={kMostAddress} autoComplete="off" onChange={(event) => setTyped(event.currentTarget.value)} />}
      </Field>
      {searching && (
        <p className="map-searching quiet">
          <Spinner size="small" label="" /> {words.say('map.searching')}
        </p>
      )}
      {searchFailure && <Problem failure={searchFailure} onRetry={() => void look(search)} retrying={searching} />}
      {found && found.contacts.length === 0 && <p className="quiet">{words.say('map.none', { search: found.search })}</p>}
      {found && found.contacts.length > 0 && (
        <ul className="contacts" aria-label={words.say('map.contacts')}>
          {found.contacts.map((contact) => (
            <li key={contact.id}>
              <button type="button" className="contact" aria-busy={busy === contact.id || undefined} onClick={() => void tie(contact.id, { contact: contact.id })}>
                <PersonPicture src={contact.picture} presence={contact.presence} />
                <bdi className="contact-name">{contact.name}</bdi>
                <span className="quiet">{words.say(`standing.${contact.presence}`)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {found?.more && <p className="quiet">{words.say('map.more')}</p>}
      {failure && <Problem failure={failure} />}
      <div className="actions">
        {address && (
          <Button type="submit" appearance="primary" spacing="compact" isLoading={busy === 'address'}>
            {words.say('map.use_address')}
          </Button>
        )}
        <Button appearance="subtle" spacing="compact" isDisabled={busy !== undefined} onClick={onCancel}>
          {words.say('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
