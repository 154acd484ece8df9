/*
 * The form that makes a session, in place. What was typed stays through every failure, and Escape leaves only an untouched form: of
 * another it says so. The idempotency key belongs to what is sent: the same content again is the same request, other content a new one.
 */
import Button from '@atlaskit/button/new';
import TextArea from '@atlaskit/textarea';
import Textfield from '@atlaskit/textfield';
import { useLayoutEffect, useRef, useState, type FormEvent } from 'react';
import { api, type Failure } from '../api/client';
import type { CreateDefaults, Invitation, Panel, Session, SessionCreate, SessionCreated } from '../api/types';
import { Field, Select, useFirstWrong, type Choice } from '../ui/field';
import { isEscape } from '../ui/keys';
import { useAnnounce } from '../ui/live';
import { Problem } from '../ui/problem';
import { isOver } from '../ui/session-words';
import { isolated, useWords, type Key, type Words } from '../ui/words';
import { useHoldWhile } from './hold';
import type { SessionFor } from './sessions';
import { validityChoices } from './validities';

const kMostDescription = 4000;
const kSomebody = 'typed:somebody';
const kNobody = 'typed:nobody';

const everyInvitation: Invitation[] = ['public', 'internal', 'none'];

interface CreateSessionProps {
  panel: Panel;
  /** For whom it was asked from a person's row; while the form is open, perhaps for another. */
  asked: SessionFor | undefined;
  onCreated: (answer: SessionCreated) => void;
  onCancel: () => void;
}

interface Draft {
  customer: string;
  name: string;
  email: string;
  description: string;
  validity: string;
  /** Undefined: not chosen, so what fits the customer. */
  invitation: Invitation | undefined;
}

export default function CreateSession({ panel, asked, onCreated, onCancel }: CreateSessionProps) {
  const words = useWords();
  const announce = useAnnounce();
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const sent = useRef<{ content: string; key: string }>();
  // The form starts from the panel as it was when it opened; later answers do not touch what is being typed.
  const [start] = useState(() => ({ people: customersOf(panel), validities: validityChoices(panel.defaults.validityMinutes, words), invitations: invitationsOf(panel), invitation: panel.defaults.invitation, draft: emptyDraft(panel, asked?.person) }));
  const [draft, setDraft] = useState(start.draft);
  const [checked, setChecked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [kept, setKept] = useState(false);

  useHoldWhile(true);
  // Before anybody can be in another field.
  useLayoutEffect(() => {
    form.current?.querySelector<HTMLElement>('select')?.focus();
    if (asked) setDraft((old) => ({ ...old, customer: asked.person }));
  }, [form, asked]);

  const set = <K extends keyof Draft>(key: K, value: Draft[K]) => setDraft((old) => ({ ...old, [key]: value }));
  const typedIn = draft.customer === kSomebody;
  // For somebody who is not on the issue a comment is read by others, and not by them.
  const invitation = draft.invitation ?? (typedIn ? 'none' : start.invitation);
  const problems = problemsOf(draft, words);
  const open = openFor(draft, panel.sessions);
  // The panel offers to connect by then, and says why.
  const unconnected = !panel.viewer.linked && (failure?.code === 'link_expired' || failure?.code === 'not_linked');

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (busy) return;
    if (Object.values(problems).some(Boolean)) return point();
    const body = bodyOf(draft, invitation);
    const content = JSON.stringify(body);
    if (sent.current?.content !== content) sent.current = { content, key: crypto.randomUUID() };
    setBusy(true);
    const answer = await api.createSession({ ...body, idempotencyKey: sent.current.key });
    setBusy(false);
    if (answer.ok) onCreated(answer.value);
    else setFailure(answer.failure);
  };

  // Whoever came to the issue after the form was opened, and is asked for from their row, is offered too.
  const people = start.people.some(({ id }) => id === draft.customer) ? start.people : [...start.people, ...customersOf(panel).filter(({ id }) => id === draft.customer)];
  const customers: Choice<string>[] = [
    ...people.map(({ id, name, role }) => ({ value: id, label: words.say('create.customer.option', { name, role: words.say(`role.${role}`) }) })),
    { value: kSomebody, label: words.say('create.customer.somebody') },
    { value: kNobody, label: words.say('create.customer.nobody') },
  ];
  const shown = checked ? problems : {};
  return (
    <form
      ref={form}
      className="create"
      aria-label={words.say('create.title')}
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (!isEscape(event) || busy) return;
        if (JSON.stringify(draft) === JSON.stringify(start.draft)) return onCancel();
        setKept(true);
        announce(words.say('create.escape_keeps'));
      }}
    >
      <Field label={words.say('create.customer')} hint={open?.code && open.customer && words.say('create.still_open', { code: open.code, name: isolated(open.customer.name) })}>
        {(ids) => <Select ids={ids} value={draft.customer} choices={customers} onChange={(value) => set('customer', value)} />}
      </Field>
      {typedIn && (
        <>
          <Field label={words.say('create.name')} problem={shown.name}>
            {(ids) => <Textfield {...ids} isInvalid={!!shown.name} value={draft.name} maxLength={100} autoComplete="off" onChange={(event) => set('name', event.currentTarget.value)} />}
          </Field>
          <Field label={words.say('create.email')} hint={words.say('create.typed_in_hint')} problem={shown.email}>
            {(ids) => (
              <Textfield {...ids} isInvalid={!!shown.email} type="email" value={draft.email} maxLength={254} autoComplete="off" onChange={(event) => set('email', event.currentTarget.value)} />
            )}
          </Field>
        </>
      )}
      <Field label={words.say('create.description')} problem={shown.description}>
        {(ids) => (
          <TextArea {...ids} isInvalid={!!shown.description} value={draft.description} minimumRows={2} resize="vertical" onChange={(event) => set('description', event.target.value)} />
        )}
      </Field>
      <Field label={words.say('create.validity')}>
        {(ids) => (
          <Select
            ids={ids}
            value={draft.validity}
            choices={start.validities}
            onChange={(value) => set('validity', value)}
          />
        )}
      </Field>
      <Field label={words.say('create.invitation')} hint={typedIn && invitation === 'public' ? words.say(forEverybody(start.invitations) ? 'create.typed_in_everybody_hint' : 'create.typed_in_public_hint') : undefined}>
        {(ids) => (
          <Select
            ids={ids}
            value={invitation}
            choices={start.invitations.map((value) => ({ value, label: words.say(invitationKey(value, start.invitations)) }))}
            onChange={(value) => set('invitation', value)}
          />
        )}
      </Field>
      {kept && <p className="quiet">{words.say('create.escape_keeps')}</p>}
      {failure && (
        <Problem
          failure={failure}
          text={unconnected ? words.say('session.account_not_connected', { provider: words.say(`provider.${panel.viewer.provider}`) }) : undefined}
          retrying={busy}
          onRetry={unconnected ? undefined : () => form.current?.requestSubmit()}
        />
      )}
      <div className="actions">
        <Button type="submit" appearance="primary" spacing="compact" isLoading={busy}>
          {words.say('create.session')}
        </Button>
        <Button appearance="subtle" spacing="compact" isDisabled={busy} onClick={onCancel}>
          {words.say('common.cancel')}
        </Button>
      </div>
    </form>
  );
}

function emptyDraft(panel: Panel, asked: string | undefined): Draft {
  return {
    customer: asked ?? customersOf(panel)[0]?.id ?? kNobody,
    name: '',
    email: '',
    description: panel.defaults.description,
    validity: String(panel.defaults.validityMinutes),
    invitation: undefined,
  };
}

function customersOf({ people, defaults, askedForHelp }: Panel) {
  const known = defaults.customers.flatMap((id) => {
    const person = people.find((candidate) => candidate.id === id);
    return person ? [{ id, name: person.name, role: person.roles[0] ?? ('customer' as const) }] : [];
  });
  // Who asks for help may take part in the request before its participants are read.
  const asker = askedForHelp?.customer;
  return asker && !people.some(({ id }) => id === asker.id) ? [...known, { ...asker, role: 'customer' as const }] : known;
}

/** Those that this issue can have: where it has no customers, none is for them alone. */
function invitationsOf({ defaults }: Panel): Invitation[] {
  const { invitations, invitation }: CreateDefaults & { invitations?: Invitation[] } = defaults;
  return invitations?.includes(invitation) ? invitations : everyInvitation;
}

const forEverybody = (choices: Invitation[]): boolean => !choices.includes('internal');
const invitationKey = (value: Invitation, choices: Invitation[]): Key => (value === 'public' && forEverybody(choices) ? 'create.invitation.everybody' : `create.invitation.${value}`);

/** A session that this customer could join already. */
function openFor({ customer, name }: Draft, sessions: Session[]): Session | undefined {
  const typed = name.trim();
  const theirs = ({ customer: whose }: Session) => (customer === kSomebody ? typed !== '' && whose?.id === undefined && whose?.name === typed : whose?.id === customer);
  return customer === kNobody ? undefined : sessions.find((session) => !isOver(session) && session.steps.session === 'done' && theirs(session));
}

interface Problems {
  name?: string | undefined;
  email?: string | undefined;
  description?: string | undefined;
}

function problemsOf(draft: Draft, words: Words): Problems {
  const typed = draft.customer === kSomebody;
  const email = draft.email.trim();
  const count = [...draft.description].length;
  return {
    name: typed && draft.name.trim() === '' ? words.say('create.name_missing') : undefined,
    email: typed && email !== '' && !/^\S+@\S+$/.test(email) ? words.say('create.email_invalid') : undefined,
    description: count > kMostDescription ? words.say('create.description_too_long', { limit: kMostDescription, count }) : undefined,
  };
}

function bodyOf(draft: Draft, invitation: Invitation): SessionCreate {
  const email = draft.email.trim();
  const rest = { description: draft.description, validityMinutes: Number(draft.validity), invitation };
  if (draft.customer === kNobody) return rest;
  if (draft.customer === kSomebody) return { customer: { name: draft.name.trim(), ...(email ? { email } : {}) }, ...rest };
  return { customer: { id: draft.customer }, ...rest };
}
