import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { LicenceFigures } from '../ui/licence-figures';
import { licenceReason } from '../ui/licence-words';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { Identity, LicenceMark } from './identity';

interface FinishProps {
  account: AccountAnswer;
  grant: NonNullable<AccountAnswer['grant']>;
  token: string;
  onFinished: (answer: AccountAnswer) => void;
  onDeclined: (answer: AccountAnswer) => void;
}

export function Finish({ account, grant, token, onFinished, onDeclined }: FinishProps) {
  const words = useWords();
  const [busy, setBusy] = useState<'finish' | 'decline'>();
  const [failure, setFailure] = useState<Failure>();
  const provider = words.say(`provider.${account.provider}`);
  const forReports = grant.access === 'reports';
  // The server has compared the two, and the app that asks for records need not see addresses.
  const at = forReports && account.account ? account.account : grant.account;
  const answer = async (kind: 'finish' | 'decline') => {
    setBusy(kind);
    setFailure(undefined);
    const given = await (kind === 'finish' ? api.finishAccount(token) : api.declineGrant(token));
    setBusy(undefined);
    if (!given.ok) return setFailure(given.failure);
    if (kind === 'finish') onFinished(given.value);
    else onDeclined(given.value);
  };
  return (
    <section className="card stack" aria-labelledby="finish-title">
      <h1 id="finish-title" className="heading">
        {words.say('account.finish_title')}
      </h1>
      <div className="sides">
        <div className="stack">
          <h2 className="subheading">{words.say('account.jira_side')}</h2>
          <Identity name={account.jira.name} picture={account.jira.picture} />
        </div>
        <div className="stack">
          <h2 className="subheading">{words.say('account.provider_side', { provider })}</h2>
          <Identity name={at.name} picture={at.picture} lines={[at.email, at.company]} />
          {!forReports && grant.licence && <LicenceMark licence={grant.licence} />}
        </div>
      </div>
      {!forReports && grant.licence?.eligible === false && (
        <Message kind="warning">
          {words.say('account.finish_not_eligible', { reason: licenceReason(words, grant.licence, provider) })}
          <LicenceFigures licence={grant.licence} account={grant.account.name} />
        </Message>
      )}
      {forReports && <p>{words.say('reports_access.what_it_is', { provider })}</p>}
      <p>{words.say('account.finish_hint')}</p>
      {failure && <Problem failure={failure} />}
      <div className="actions">
        <Button appearance="primary" isLoading={busy === 'finish'} isDisabled={busy === 'decline'} onClick={() => void answer('finish')}>
          {words.say(forReports ? 'reports_access.finish' : 'account.finish')}
        </Button>
        <Button appearance="subtle" isLoading={busy === 'decline'} isDisabled={busy === 'finish'} onClick={() => void answer('decline')}>
          {words.say('account.finish_not_me')}
        </Button>
      </div>
    </section>
  );
}
