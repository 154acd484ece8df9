import Textfield from '@atlaskit/textfield';
import { Checkbox, Field, Radios, Select } from '../ui/field';
import { useWords } from '../ui/words';
import type { Changes, Values } from './draft';

const kValidities = [15, 60, 240, 480, 1440, 4320, 10080];

interface SessionsTabProps {
  values: Values;
  /** The group that counts while none is set. */
  standardGroup: string;
  change: (changes: Changes) => void;
}

export function SessionsTab({ values, standardGroup, change }: SessionsTabProps) {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  const validities = [...new Set([...kValidities, values.validityMinutes])].sort((a, b) => a - b);
  return (
    <div className="stack-wide narrow">
      <Field label={words.say('sessions.validity')} hint={words.say('sessions.validity_hint')}>
        {(ids) => (
          <Select
            ids={ids}
            value={String(values.validityMinutes)}
            choices={validities.map((minutes) => ({ value: String(minutes), label: words.duration(minutes) }))}
            onChange={(value) => change({ validityMinutes: Number(value) })}
          />
        )}
      </Field>
      <Radios
        legend={words.say('sessions.invitation')}
        value={values.invitation}
        choices={(['public', 'internal'] as const).map((value) => ({ value, label: words.say(`create.invitation.${value}`) }))}
        onChange={(invitation) => change({ invitation })}
      />
      <Checkbox label={words.say('sessions.edit_when_ended')} checked={values.editWhenEnded} onChange={(editWhenEnded) => change({ editWhenEnded })} />
      <Checkbox
        label={words.say('sessions.count_on_issue')}
        hint={words.say('sessions.count_on_issue_hint')}
        checked={values.countOnIssue}
        onChange={(countOnIssue) => change({ countOnIssue })}
      />
      <Field label={words.say('sessions.group', { provider })} hint={words.say('sessions.group_hint')}>
        {(ids) => (
          <Textfield {...ids} value={values.teamviewerGroup} placeholder={standardGroup} maxLength={100} autoComplete="off" onChange={(event) => change({ teamviewerGroup: event.currentTarget.value })} />
        )}
      </Field>
    </div>
  );
}
