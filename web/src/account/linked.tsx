import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { AskFirst } from '../ui/confirm';
import { LookAgain } from '../ui/look-again';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { Identity, LicenceLine } from './identity';
import { Scopes } from './scopes';

interface LinkedProps {
  account: AccountAnswer;
  onDisconnected: (answer: AccountAnswer) => void;
  onLooked: (answer: AccountAnswer) => void;
}

export function Linked({ account, onDisconnected, onLooked }: LinkedProps) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const provider = words.say(`provider.${account.provider}`);
  const disconnect = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.deleteAccount();
    setBusy(false);
    if (answer.ok) onDisconnected(answer.value);
    else setFailure(answer.failure);
  };
  const open = account.openSessions;
  return (
    <section className="card stack" aria-labelledby="account-title">
      <h1 id="account-title" className="heading">
        {words.say('account.title', { provider })}
      </h1>
      {account.account && (
        <Identity name={account.account.name} picture={account.account.picture} lines={[account.account.email, account.account.company]} />
      )}
      {account.licence && (
        <div>
          <h2 className="subheading">{words.say('account.licence')}</h2>
          <LicenceLine licence={account.licence} provider={provider} />
          {!account.licence.eligible && <LookAgain onAnswer={onLooked} />}
        </div>
      )}
      {account.linkedAt && (
        <p className="quiet">
          <time dateTime={account.linkedAt}>{words.say('account.linked_since', { time: words.exact(account.linkedAt) })}</time>
        </p>
      )}
      <Scopes title={words.say('account.may')} scopes={account.scopes} provider={provider} />
      {failure && <Problem failure={failure} />}
      <AskFirst
        question={open === 0 ? words.say('account.disconnect_question.none', { provider }) : words.count('account.disconnect_question', open, { provider })}
        action={words.say('account.disconnect')}
        decline={words.say('account.disconnect_cancel')}
        busy={busy}
        onConfirm={() => void disconnect()}
      />
    </section>
  );
}
