import type { Failure } from '../api/client';
import { unknownGroups } from '../settings/draft';
import { Lines } from '../settings/lines';
import { Radios } from '../ui/field';
import { useWords } from '../ui/words';
import type { Changes, Values } from './draft';
import { Links } from './links';

interface PeopleTabProps {
  values: Values;
  /** Why the last save was refused. */
  refused: Failure | undefined;
  change: (changes: Changes) => void;
}

export function PeopleTab({ values, refused, change }: PeopleTabProps) {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  const { allowedGroups, eligibleLicences: licences } = values;
  const unknown = unknownGroups(refused).filter((name) => allowedGroups.includes(name));
  return (
    <div className="stack-wide">
      <div className="stack-wide narrow">
        <Lines
          label={words.say('people.allowed_groups')}
          hint={words.say('people.allowed_groups_hint')}
          problem={unknown.length > 0 ? words.count('people.allowed_groups_unknown', unknown.length, { names: words.quoted(unknown) }) : undefined}
          value={allowedGroups}
          onChange={(names) => change({ allowedGroups: names })}
        />
        <Radios
          legend={words.say('people.licences')}
          value={licences.policy}
          choices={(['any_paid', 'listed'] as const).map((value) => ({ value, label: words.say(`people.licences.${value}`) }))}
          onChange={(policy) => change({ eligibleLicences: policy === 'any_paid' ? { policy } : { policy, types: [] } })}
        />
        {licences.policy === 'listed' && (
          <Lines
            label={words.say('people.licence_types')}
            hint={words.say('people.licence_types_hint', { provider })}
            problem={licences.types.length === 0 ? words.say('people.licence_types_missing') : undefined}
            value={licences.types}
            onChange={(types) => change({ eligibleLicences: { policy: 'listed', types } })}
          />
        )}
      </div>
      <Links />
    </div>
  );
}
