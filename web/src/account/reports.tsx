/*
 * Leave to read the account's connection records, so that results come back to the ticket: asked for apart from the account itself, since not every
 * licence gives it.
 */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { AskFirst } from '../ui/confirm';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useConsent } from './consent';

interface ReportsProps {
  account: AccountAnswer;
  gone: boolean;
  onGone: (gone: boolean) => void;
  onTakenBack: (answer: AccountAnswer) => void;
}

export function Reports({ account, gone, onGone, onTakenBack }: ReportsProps) {
  const words = useWords();
  const provider = words.say(`provider.${account.provider}`);
  const { available, allowed, expired } = account.reports;
  if (!available && !allowed) return null;
  return (
    <section className="card stack" aria-labelledby="reports-title">
      <h2 id="reports-title" className="heading">
        {words.say('reports_access.title')}
      </h2>
      <p>{words.say('reports_access.what_it_is', { provider })}</p>
      {expired && <Message kind="warning">{words.say('reports_access.expired', { provider })}</Message>}
      {allowed ? <Allowed account={account} provider={provider} onTakenBack={onTakenBack} /> : <NotAllowed provider={provider} gone={gone} onGone={onGone} />}
    </section>
  );
}

function Allowed({ account, provider, onTakenBack }: { account: AccountAnswer; provider: string; onTakenBack: (answer: AccountAnswer) => void }) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const takeBack = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.takeReportsBack();
    setBusy(false);
    if (answer.ok) onTakenBack(answer.value);
    else setFailure(answer.failure);
  };
  const { since } = account.reports;
  return (
    <>
      {since && (
        <p className="quiet">
          <time dateTime={since}>{words.say('reports_access.since', { time: words.exact(since) })}</time>
        </p>
      )}
      {failure && <Problem failure={failure} />}
      <AskFirst
        question={words.say('reports_access.take_back_question', { provider })}
        action={words.say('reports_access.take_back')}
        decline={words.say('reports_access.keep')}
        busy={busy}
        onConfirm={() => void takeBack()}
      />
    </>
  );
}

function NotAllowed({ provider, gone, onGone }: { provider: string; gone: boolean; onGone: (gone: boolean) => void }) {
  const words = useWords();
  const consent = useConsent('reports', onGone);
  return (
    <>
      <p className="quiet">{words.say('reports_access.needs', { provider })}</p>
      {consent.failure && <Problem failure={consent.failure} />}
      <div className="actions">
        <Button isLoading={consent.busy} onClick={() => void consent.ask()}>
          {words.say('reports_access.allow')}
        </Button>
        {consent.busy && <span className="quiet">{words.say('account.connecting', { provider })}</span>}
        {gone && <span className="quiet">{words.say('account.go_on')}</span>}
      </div>
    </>
  );
}
