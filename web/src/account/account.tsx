/*
 * The personal page (jira:personalSettingsPage): whose account at the provider belongs to this Jira account. The provider's
 * answer links nothing by itself; the person looks at both identities and finishes.
 */
import Button from '@atlaskit/button/new';
import { router } from '@forge/bridge';
import { useCallback, useEffect, useState } from 'react';
import { api, type Failure, type FailureCode } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { LiveRegion, useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { Finish } from './finish';
import { Linked } from './linked';
import { arrive } from './return';
import { Scopes } from './scopes';
import './account.css';

export function AccountPage() {
  return (
    <LiveRegion>
      <main className="account">
        <AccountOrState />
      </main>
    </LiveRegion>
  );
}

interface Seen {
  account: AccountAnswer;
  /** A parked grant of this person, to be looked at. */
  token?: string | undefined;
}

function AccountOrState() {
  const words = useWords();
  const announce = useAnnounce();
  const [seen, setSeen] = useState<Seen>();
  const [failure, setFailure] = useState<Failure>();
  const [note, setNote] = useState<string>();

  const load = useCallback(async () => {
    setFailure(undefined);
    const { arrival, forget } = await arrive();
    if (arrival.kind === 'finish') {
      const answer = await api.getAccount(arrival.token);
      if (answer.ok) return setSeen({ account: answer.value, token: answer.value.grant ? arrival.token : undefined });
      forget();
      setFailure(answer.failure);
    } else if (arrival.kind === 'problem') {
      forget();
      setFailure({ code: arrival.code as FailureCode });
    }
    const answer = await api.getAccount();
    if (answer.ok) setSeen({ account: answer.value });
    else setFailure((old) => old ?? answer.failure);
  }, []);

  useEffect(() => void load(), [load]);

  // Linking may have been finished in another tab: Jira opens the provider's page in one of its own.
  const waiting = seen !== undefined && !seen.account.linked && seen.token === undefined;
  useEffect(() => {
    if (!waiting) return undefined;
    const look = async () => {
      if (document.visibilityState !== 'visible') return;
      const answer = await api.getAccount();
      if (answer.ok && answer.value.linked) {
        setFailure(undefined);
        setSeen({ account: answer.value });
      }
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [waiting]);

  const done = async (account: AccountAnswer, sentence: string) => {
    setSeen({ account });
    setFailure(undefined);
    setNote(sentence);
    announce(sentence);
    (await arrive()).forget();
  };

  if (!seen) return failure ? <Problem failure={failure} onRetry={() => void load()} /> : <Loading />;
  const { account, token } = seen;
  const provider = words.say(`provider.${account.provider}`);
  return (
    <div className="stack">
      {failure && <Problem failure={failure} />}
      {note && <Message kind="success">{note}</Message>}
      {token && account.grant ? (
        <Finish
          account={account}
          grant={account.grant}
          token={token}
          onFinished={(answer) => void done(answer, words.say('account.finished'))}
          onDeclined={() => void done({ ...account, grant: undefined }, words.say('account.finish_declined', { provider }))}
        />
      ) : account.linked ? (
        <Linked account={account} onDisconnected={(answer) => void done(answer, words.say('account.disconnected', { provider }))} />
      ) : (
        <NotLinked account={account} />
      )}
    </div>
  );
}

function NotLinked({ account }: { account: AccountAnswer }) {
  const words = useWords();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const provider = words.say(`provider.${account.provider}`);
  const connect = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.startAccount();
    if (!answer.ok) {
      setBusy(false);
      return setFailure(answer.failure);
    }
    // In this tab: the provider's page comes back here. Jira asks first; declining leaves the page as it is.
    await Promise.resolve(router.navigate(answer.value.url)).catch(() => undefined);
    setBusy(false);
  };
  return (
    <section className="card stack" aria-labelledby="account-title">
      <h1 id="account-title" className="heading">
        {words.say('account.title', { provider })}
      </h1>
      {account.linkExpired && <Message kind="warning">{words.say('account.link_expired', { provider })}</Message>}
      <p>{words.say('account.what_it_is', { provider })}</p>
      <Scopes title={words.say('account.will_ask', { provider })} scopes={account.scopes} provider={provider} />
      {failure && <Problem failure={failure} />}
      <div className="actions">
        <Button appearance="primary" isLoading={busy} onClick={() => void connect()}>
          {words.say('account.connect')}
        </Button>
        {busy && <span className="quiet">{words.say('account.connecting', { provider })}</span>}
      </div>
    </section>
  );
}
