/* A customer asked for help in the portal and waits: who, since when, and the two answers to it. */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Panel } from '../api/types';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { When } from '../ui/when';
import { isolated, useWords, type Words } from '../ui/words';
import { mayCreateHere } from './sessions';

type Asked = NonNullable<Panel['askedForHelp']>;

export const askedWords = (words: Words, { customer: { name } }: Asked): string => (name === '' ? words.say('panel.asked.nobody') : words.say('panel.asked', { name: isolated(name) }));

/** Who is on the issue can be its customer, the reader and a closed account apart. Its participants may not be read yet. */
const canBeCustomer = ({ people, defaults, viewer }: Panel, id: string): boolean =>
  id !== viewer.id && (defaults.customers.includes(id) || !people.some((person) => person.id === id));

interface AskedForHelpProps {
  asked: Asked;
  panel: Panel;
  now: number;
  onCreateSession: (person: string) => void;
  onDismissed: () => void;
}

export function AskedForHelp({ asked, panel, now, onCreateSession, onDismissed }: AskedForHelpProps) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const { id, customer, since } = asked;
  const title = askedWords(words, asked);
  const dismiss = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    const answer = await api.dismissAsk(id);
    setBusy(false);
    if (answer.ok) onDismissed();
    else setFailure(answer.failure);
  };
  return (
    <section className="section" aria-label={title}>
      <Message
        kind="warning"
        actions={
          <>
            {mayCreateHere(panel) && canBeCustomer(panel, customer.id) && (
              <Button appearance="primary" spacing="compact" onClick={() => onCreateSession(customer.id)}>
                {words.say('create.session')}
              </Button>
            )}
            <Button appearance="subtle" spacing="compact" isLoading={busy} onClick={() => void dismiss()}>
              {words.say('panel.asked.dismiss')}
            </Button>
          </>
        }
      >
        <h2 className="message-title">{title}</h2>
        <When iso={since} meaning={(time) => words.say('panel.asked_at', { time })}>
          {words.ago(since, now)}
        </When>
      </Message>
      {failure && <Problem failure={failure} />}
    </section>
  );
}
