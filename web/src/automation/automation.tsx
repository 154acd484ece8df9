/*
 * The form of the action “Create support session” in a rule of Jira's automation (automation:actionProvider). Whatever is left empty is as
 * the settings say; smart values are filled in by Jira when the rule runs.
 */
import TextArea from '@atlaskit/textarea';
import Textfield from '@atlaskit/textfield';
import { kValidities } from '../settings/validities';
import { Field, Select } from '../ui/field';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { useWords } from '../ui/words';
import { useInputs, type Form, type Inputs } from './use-inputs';
import '../settings/settings.css';

const kInvitations = ['public', 'internal', 'none'] as const;
const kMostIssue = 255;
const kMostCustomer = 128;

export function AutomationPage() {
  const words = useWords();
  const { inputs, ...form } = useInputs();
  return (
    <LiveRegion>
      <main className="settings-page">
        <h1 className="visually-hidden">{words.say('automation.title')}</h1>
        {inputs ? <Fields inputs={inputs} {...form} /> : <Loading />}
      </main>
    </LiveRegion>
  );
}

function Fields({ inputs, invalid, change }: Omit<Form, 'inputs'> & { inputs: Inputs }) {
  const words = useWords();
  const wrong = (name: keyof Inputs) => (invalid.has(name) || (name === 'issueKey' && inputs.issueKey.trim() === '') ? words.say(name === 'issueKey' ? 'automation.issue_missing' : 'rule.other') : undefined);
  const asSettings = { value: '', label: words.say('automation.as_settings') };
  return (
    <div className="stack-wide narrow">
      <Field label={words.say('automation.issue')} hint={words.say('automation.issue_hint')} problem={wrong('issueKey')}>
        {(ids) => <Textfield {...ids} isInvalid={ids['aria-invalid'] === true} value={inputs.issueKey} maxLength={kMostIssue} autoComplete="off" isRequired onChange={(event) => change({ issueKey: event.currentTarget.value })} />}
      </Field>
      <Field label={words.say('create.customer')} hint={words.say('automation.customer_hint')} problem={wrong('customer')}>
        {(ids) => <Textfield {...ids} isInvalid={ids['aria-invalid'] === true} value={inputs.customer ?? ''} maxLength={kMostCustomer} autoComplete="off" onChange={(event) => change({ customer: event.currentTarget.value })} />}
      </Field>
      <Field label={words.say('create.description')} hint={words.say('automation.description_hint')} problem={wrong('description')}>
        {(ids) => <TextArea {...ids} isInvalid={ids['aria-invalid'] === true} value={inputs.description ?? ''} minimumRows={2} resize="vertical" onChange={(event) => change({ description: event.target.value })} />}
      </Field>
      <Field label={words.say('create.validity')} problem={wrong('validityMinutes')}>
        {(ids) => (
          <Select
            ids={ids}
            value={inputs.validityMinutes === undefined ? '' : String(inputs.validityMinutes)}
            choices={[asSettings, ...kValidities.map((minutes) => ({ value: String(minutes), label: words.duration(minutes) }))]}
            onChange={(value) => change({ validityMinutes: value === '' ? undefined : Number(value) })}
          />
        )}
      </Field>
      <Field label={words.say('create.invitation')} hint={words.say('automation.invitation_hint')} problem={wrong('invitation')}>
        {(ids) => (
          <Select
            ids={ids}
            value={inputs.invitation ?? ''}
            choices={[asSettings, ...kInvitations.map((value) => ({ value, label: words.say(value === 'none' ? 'automation.no_invitation' : `create.invitation.${value}`) }))]}
            onChange={(value) => change({ invitation: value })}
          />
        )}
      </Field>
      <p className="quiet">{words.say('automation.supporter', { provider: words.say('provider.teamviewer') })}</p>
    </div>
  );
}
