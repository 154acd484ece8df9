import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { Identity, LicenceLine } from './identity';

interface FinishProps {
  account: AccountAnswer;
  grant: NonNullable<AccountAnswer['grant']>;
  token: string;
  onFinished: (answer: AccountAnswer) => void;
  onDeclined: () => void;
}

export function Finish({ account, grant, token, onFinished, onDeclined }: FinishProps) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const provider = words.say(`provider.${account.provider}`);
  const finish = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.finishAccount(token);
    setBusy(false);
    if (answer.ok) onFinished(answer.value);
    else setFailure(answer.failure);
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
          <Identity name={grant.account.name} picture={grant.account.picture} lines={[grant.account.email, grant.account.company]} />
          {grant.licence && <LicenceLine licence={grant.licence} provider={provider} />}
        </div>
      </div>
      <p>{words.say('account.finish_hint')}</p>
      {failure && <Problem failure={failure} />}
      <div className="actions">
        <Button appearance="primary" isLoading={busy} onClick={() => void finish()}>
          {words.say('account.finish')}
        </Button>
        <Button appearance="subtle" isDisabled={busy} onClick={onDeclined}>
          {words.say('account.finish_not_me')}
        </Button>
      </div>
    </section>
  );
}
