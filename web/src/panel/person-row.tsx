/*
 * One person: who they are, where they stand, what can be done. What was begun here stays here through every answer of the server: an open
 * form, a menu, the words of a refusal.
 */
import Button from '@atlaskit/button/new';
import { lazy, Suspense, useLayoutEffect, useRef, useState } from 'react';
import { api, type Result } from '../api/client';
import type { IssuePerson, LaunchMode, PersonAction, PersonAnswer } from '../api/types';
import { WordAction } from '../ui/action';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Menu, type MenuItem } from '../ui/menu';
import { openElsewhere } from '../ui/open-elsewhere';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useHoldWhile, useKeepRoom } from './hold';
import { PersonFacts } from './person-facts';
import { PersonPicture } from './person-picture';
import { nameOf } from './person-words';
import { Reach } from './reach';
import { StandingWords } from './standing-words';
import { useRefusal } from './use-refusal';

const MapPerson = lazy(() => import('./map-person'));

interface PersonRowProps {
  person: IssuePerson;
  provider: string;
  now: number;
  /** Seconds since the server said where this person stands. */
  saidAgo: number;
  apply: (person: IssuePerson) => void;
  onCreateSession: (person: string) => void;
}

/** The age of what a hidden panel shows: past it, a mark would say what nobody knows. Seconds. */
const kDotFor = 60;

type Busy = LaunchMode | 'invite' | 'undo' | undefined;

export function PersonRow({ person, provider, now, saidAgo, apply, onCreateSession }: PersonRowProps) {
  const words = useWords();
  const announce = useAnnounce();
  const row = useKeepFocus<HTMLLIElement>();
  const [busy, setBusy] = useState<Busy>();
  const { refused, refuse } = useRefusal(person.standing);
  // Said where they stood then; once they stand elsewhere it is old news.
  const [note, setNote] = useState<{ sentence: string; standing: IssuePerson['standing'] }>();
  const [menu, setMenu] = useState(false);
  const [mapping, setMapping] = useState(false);
  const [how, setHow] = useState(false);
  const [explained, setExplained] = useState(false);
  const mapOpener = useRef<HTMLButtonElement>(null);
  useHoldWhile(menu || mapping);
  useKeepRoom(row);

  const name = nameOf(person, words);
  const can = new Set(person.actions);
  const off = new Map<PersonAction, string>(person.disabled.map(({ action, reason }) => [action, words.say(`person.off.${reason}`, { provider })]));
  const offered = (action: PersonAction) => can.has(action) || off.has(action);

  const begin = (kind: Busy) => {
    setBusy(kind);
    refuse();
    setNote(undefined);
  };
  const tell = (sentence: string, standing = person.standing) => {
    refuse();
    setNote({ sentence, standing });
    announce(sentence);
  };
  /** The person as the server answered, or its refusal in words on this row. */
  const took = (answer: Result<PersonAnswer>, sentence: string): void => {
    setBusy(undefined);
    if (!answer.ok) return refuse(answer.failure);
    tell(sentence, answer.value.person.standing);
    apply(answer.value.person);
  };

  const invite = async () => {
    begin('invite');
    took(await api.invitePerson(person.id), words.say('person.invited', { provider }));
  };
  const undo = async () => {
    begin('undo');
    took(await api.unmapPerson(person.id), words.say('person.unmapped'));
  };
  const launch = async (mode: LaunchMode) => {
    begin(mode);
    const answer = await api.launch(person.id, mode);
    setBusy(undefined);
    if (!answer.ok) return refuse(answer.failure);
    // Jira asks before it opens another site; declining is no failure, and then nothing has to be installed.
    if (await openElsewhere(answer.value.url)) tell(words.say('person.launch_hint', { provider }));
  };

  // Once the form is gone: without focus in the panel the rows would take their places.
  const left = useRef(false);
  useLayoutEffect(() => {
    if (left.current && !mapping) (mapOpener.current ?? row.current)?.focus({ preventScroll: true });
    left.current = false;
  }, [mapping, row]);
  const leave = () => {
    left.current = true;
    setMapping(false);
  };

  const items: MenuItem[] = [];
  if (can.has('create_session')) items.push({ key: 'session', label: words.say('create.session'), onSelect: () => onCreateSession(person.id) });
  if (person.matchedBy && person.matchedBy !== 'mapping') {
    items.push({ key: 'how', label: words.say(how ? 'person.how_matched.hide' : 'person.how_matched'), onSelect: () => setHow(!how) });
  }

  const head = (trigger: JSX.Element | null) => (
    <div className="person-head">
      <div className="person-title">
        <bdi className="person-name few-lines" title={name}>
          {name}
        </bdi>
        <span className="quiet person-roles">
          {person.roles.map((role) => (
            <span key={role}>{words.say(`role.${role}`)}</span>
          ))}
        </span>
      </div>
      {trigger}
    </div>
  );

  return (
    <li ref={row} tabIndex={-1} className={`person person-${person.standing}`} aria-label={name}>
      {/* A presence that was true once would look like one that is. */}
      <PersonPicture src={person.picture} presence={person.standing !== 'unknown' && saidAgo <= kDotFor ? person.presence : undefined} />
      <div className="person-body">
        {items.length === 0 ? (
          head(null)
        ) : (
          <Menu label={words.say('person.more', { name })} items={items} onOpenChange={setMenu}>
            {(trigger, list) => (
              <>
                {head(trigger)}
                {list}
              </>
            )}
          </Menu>
        )}
        <div className="person-line">
          <StandingWords person={person} provider={provider} now={now} saidAgo={saidAgo} />
          <div className="person-actions">
            <Reach can={can} off={off} busy={busy} onLaunch={(mode) => void launch(mode)} onReason={(reason) => tell(reason)} />
            {offered('add') && <WordAction label={words.say('person.add')} reason={off.get('add')} busy={busy === 'invite'} onPress={() => void invite()} onReason={(reason) => tell(reason)} />}
            {offered('resend_invitation') && (
              <WordAction label={words.say('person.resend')} reason={off.get('resend_invitation')} busy={busy === 'invite'} onPress={() => void invite()} onReason={(reason) => tell(reason)} />
            )}
            {person.standing === 'address_not_shared' && (
              <Button spacing="compact" appearance="subtle" aria-expanded={explained} onClick={() => setExplained(!explained)}>
                {words.say('person.how')}
              </Button>
            )}
            {can.has('map') && !mapping && (
              <Button ref={mapOpener} spacing="compact" appearance={can.has('add') ? 'subtle' : 'default'} onClick={() => setMapping(true)}>
                {words.say('person.map')}
              </Button>
            )}
          </div>
        </div>
        {explained && person.standing === 'address_not_shared' && (
          <p className="person-explained">{words.say(person.addressProblem ? `person.address_explained.${person.addressProblem}` : 'person.hidden_explained', { provider })}</p>
        )}
        <PersonFacts person={person} provider={provider} now={now} how={how} undoing={busy === 'undo'} onUndo={() => void undo()} />
        {note?.standing === person.standing && <p className="quiet">{note.sentence}</p>}
        {refused && <Problem failure={refused} />}
        {mapping && (
          <Suspense fallback={<Loading />}>
            <MapPerson
              person={person}
              provider={provider}
              onMapped={(answer) => {
                leave();
                took({ ok: true, value: answer }, words.say('person.mapped'));
              }}
              onCancel={leave}
            />
          </Suspense>
        )}
      </div>
    </li>
  );
}
