import Textfield from '@atlaskit/textfield';
import { kValidities } from '../settings/validities';
import { Checkbox, Field, Radios, Select } from '../ui/field';
import { useWords } from '../ui/words';
import { DefaultSupporter } from './default-supporter';
import type { Changes, Values } from './draft';

interface SessionsTabProps {
  values: Values;
  /** The group that counts while none is set. */
  standardGroup: string;
  change: (changes: Changes) => void;
}

export function SessionsTab({ values, standardGroup, change }: SessionsTabProps) {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  // The portal has no place for Belay beside a Data Center, and its automation no step of ours.
  const inCloud = words.place === 'cloud';
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
        label={words.say('sessions.tell_of_waiting')}
        hint={words.say('sessions.tell_of_waiting_hint')}
        checked={values.tellOfWaiting}
        onChange={(tellOfWaiting) => change({ tellOfWaiting })}
      />
      {inCloud && (
        <Checkbox
          label={words.say('sessions.customers_may_ask')}
          hint={words.say('sessions.customers_may_ask_hint')}
          checked={values.customersMayAsk}
          onChange={(customersMayAsk) => change({ customersMayAsk })}
        />
      )}
      <Radios
        legend={words.say('sessions.report')}
        hint={words.say('sessions.report_hint')}
        value={values.report}
        choices={(['internal', 'invitation', 'none'] as const).map((value) => ({ value, label: words.say(`sessions.report.${value}`) }))}
        onChange={(report) => change({ report })}
      />
      <Checkbox label={words.say('sessions.worklog')} hint={words.say('sessions.worklog_hint')} checked={values.worklog} onChange={(worklog) => change({ worklog })} />
      <Checkbox
        label={words.say('sessions.count_on_issue')}
        hint={words.say('sessions.count_on_issue_hint')}
        checked={values.countOnIssue}
        onChange={(countOnIssue) => change({ countOnIssue })}
      />
      {inCloud && <DefaultSupporter account={values.defaultSupporter} onChange={(defaultSupporter) => change({ defaultSupporter })} />}
      <Field label={words.say('sessions.group', { provider })} hint={words.say('sessions.group_hint')}>
        {(ids) => (
          <Textfield {...ids} value={values.teamviewerGroup} placeholder={standardGroup} maxLength={100} autoComplete="off" onChange={(event) => change({ teamviewerGroup: event.currentTarget.value })} />
        )}
      </Field>
    </div>
  );
}
