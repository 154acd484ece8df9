/* What is behind a standing: what cannot be done, an invitation that did not leave, who tied this person by hand, and on demand how they were found. */
import Button from '@atlaskit/button/new';
import type { IssuePerson } from '../api/types';
import { Problem } from '../ui/problem';
import { When } from '../ui/when';
import { isolated, useWords, type Words } from '../ui/words';

type Mapping = NonNullable<IssuePerson['mapping']>;

interface PersonFactsProps {
  person: IssuePerson;
  provider: string;
  now: number;
  how: boolean;
  undoing: boolean;
  onUndo: () => void;
}

export function PersonFacts({ person, provider, now, how, undoing, onUndo }: PersonFactsProps) {
  const words = useWords();
  const { invitation, mapping, matchedBy, standing } = person;
  // Once they are a contact, it is of no interest that an invitation failed.
  const failed = invitation?.state === 'failed' && (standing === 'not_contact' || standing === 'invited' || standing === 'address_not_shared');
  return (
    <>
      <Off person={person} provider={provider} now={now} />
      {failed && <Problem arrived failure={{ code: invitation.why ?? 'internal_error', detail: { provider, ...(invitation.said && { said: invitation.said }) } }} />}
      {mapping && standing !== 'self' && standing !== 'inactive' && (
        <div className="person-mapping">
          <p className="quiet">{tieWords(person, mapping, provider, words)}</p>
          <Button spacing="compact" appearance="subtle" isLoading={undoing} onClick={onUndo}>
            {words.say('person.undo')}
          </Button>
        </div>
      )}
      {how && matchedBy && <p className="quiet">{words.say(`person.matched.${matchedBy}`, { provider })}</p>}
    </>
  );
}

// As the server has it: once a day.
const kResendAfterMs = 24 * 3_600_000;

/** Why buttons of this person are off: in words that are there without a pointer on them. Pressed, each tells the whole reason. */
function Off({ person: { disabled, invitation }, provider, now }: { person: IssuePerson; provider: string; now: number }) {
  const words = useWords();
  const modes = disabled.flatMap(({ action, reason }) => (reason === 'not_supported' ? [words.find(`mode.${action}`) ?? action] : []));
  const hidden = disabled.find(({ reason }) => reason === 'address_of_app')?.action;
  const sent = invitation?.state === 'sent' && disabled.some(({ reason }) => reason === 'resend_too_early') ? invitation.sentAt : undefined;
  const again = sent === undefined ? undefined : Date.parse(sent) + kResendAfterMs;
  return (
    <>
      {modes.length > 0 && <p className="quiet">{words.say('person.cannot', { provider, modes: words.list(modes) })}</p>}
      {hidden && <p className="quiet">{words.say(hidden === 'add' ? 'person.cannot_add' : 'person.cannot_resend')}</p>}
      {again !== undefined && again > now && (
        <span className="quiet">
          <When iso={new Date(again).toISOString()} meaning={(time) => words.say('person.resend_from', { time })}>
            {words.say('person.resend_in', { time: words.span(again - now) })}
          </When>
        </span>
      )}
    </>
  );
}

/** A tie that counts is how they were found; of one that does not, why, and what counts in its place. */
function tieWords({ matchedBy, addressProblem }: IssuePerson, { to, by, at }: Mapping, provider: string, words: Words): string {
  const tie = { to: isolated(to), by: isolated(by.name), time: words.exact(at) };
  if (matchedBy === 'mapping') return words.say('person.tied', tie);
  const said = [words.say('person.tied_in_vain', tie)];
  if (matchedBy !== 'linked_account' && !addressProblem) said.push(words.say('person.tied_to_nobody'));
  if (matchedBy) said.push(words.say(`person.counts.${matchedBy}`, { provider }));
  return said.join(' ');
}
