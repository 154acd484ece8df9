/*
 * The personal page (jira:personalSettingsPage): whose account at the provider belongs to this Jira account. The provider's
 * answer links nothing by itself; the person looks at both identities and finishes.
 */
import Button from '@atlaskit/button/new';
import { router } from '@forge/bridge';
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure, type FailureCode } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion, useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useConsent } from './consent';
import { Finish } from './finish';
import { Linked } from './linked';
import { Reports } from './reports';
import { arrive, type Return } from './return';
import { Scopes } from './scopes';
import { tellOtherTabs, useOtherTabs } from './tabs';
import './account.css';

/** How often a page that waits for another tab asks, and how long: the provider's page and the answer to it have 15 minutes in all. */
const kAskMs = 6_000;
const kWaitMs = 15 * 60_000;

export function AccountPage() {
  const home = useKeepFocus<HTMLElement>();
  return (
    <LiveRegion>
      <main className="account" ref={home} tabIndex={-1}>
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

/** The account as it is, and what the return from the provider brought: a grant to look at, or why there is none. */
async function look(arrived: Promise<Return>): Promise<{ seen?: Seen; failure?: Failure }> {
  const arrival = await arrived;
  if (arrival.kind === 'problem') tellOtherTabs({ code: arrival.code });
  let failure: Failure | undefined = arrival.kind === 'problem' ? { code: arrival.code as FailureCode } : undefined;
  if (arrival.kind === 'finish') {
    const answer = await api.getAccount(arrival.token);
    if (answer.ok) return { seen: { account: answer.value, token: answer.value.grant ? arrival.token : undefined } };
    // Only of a grant that is gone is anything to be said beside the account; for the rest the token is still good for another try.
    const isGone = answer.failure.code.startsWith('grant_') || answer.failure.code === 'reports_other_account';
    if (!isGone) return { failure: answer.failure };
    failure = answer.failure;
  }
  const answer = await api.getAccount();
  return answer.ok ? { seen: { account: answer.value }, failure } : { failure: failure ?? answer.failure };
}

function AccountOrState() {
  const words = useWords();
  const announce = useAnnounce();
  const [seen, setSeen] = useState<Seen>();
  const [failure, setFailure] = useState<Failure>();
  const [note, setNote] = useState<{ text: string; hint?: string }>();
  const [loading, setLoading] = useState(false);
  /** The provider's page was opened, in another tab. */
  const [gone, setGone] = useState(false);
  const [issue, setIssue] = useState<string>();
  // The address has it no more once it is read, and another try needs it.
  const arrived = useRef<Promise<Return>>();

  const load = useCallback(async () => {
    setLoading(true);
    const arriving = (arrived.current ??= arrive());
    const loaded = await look(arriving);
    const arrival = await arriving;
    setLoading(false);
    setSeen(loaded.seen);
    setFailure(loaded.failure);
    if (arrival.kind === 'none') setIssue(arrival.issue);
  }, []);

  useEffect(() => void load(), [load]);

  const told = useRef(0);   // how often something new was shown
  const done = useCallback(
    (account: AccountAnswer, text: string, hint?: string) => {
      told.current += 1;
      setSeen({ account });
      setFailure(undefined);
      setGone(false);
      setNote(hint ? { text, hint } : { text });
      announce([text, hint].filter(Boolean).join(' '));
    },
    [announce],
  );

  const linked = seen?.account.linked ?? false;
  const allowed = seen?.account.reports.allowed ?? false;
  // Who is linked waits for something only once the provider's page was opened.
  const waiting = seen !== undefined && seen.token === undefined && (!linked || (gone && !allowed));
  const follow = useCallback(async () => {
    if (document.visibilityState !== 'visible') return;
    const before = told.current;
    const answer = await api.getAccount();
    // Another answer was faster, or the user: what this one says is over.
    if (!answer.ok || told.current !== before) return;
    if (answer.value.linked && !linked) done(answer.value, words.say('account.finished'));
    else if (answer.value.reports.allowed && !allowed) done(answer.value, words.say('reports_access.finished'));
  }, [done, words, linked, allowed]);
  useEffect(() => {
    if (!waiting) return undefined;
    document.addEventListener('visibilitychange', follow);
    return () => document.removeEventListener('visibilitychange', follow);
  }, [waiting, follow]);
  useEffect(() => {
    if (!waiting || !gone) return undefined;
    const timer = window.setInterval(() => void follow(), kAskMs);
    const end = window.setTimeout(() => setGone(false), kWaitMs);
    return () => {
      window.clearInterval(timer);
      window.clearTimeout(end);
    };
  }, [waiting, gone, follow]);
  useOtherTabs(waiting, ({ code }) => {
    setGone(false);
    if (code) setFailure({ code: code as FailureCode });
    else void follow();
  });

  if (!seen) return failure ? <Problem failure={failure} onRetry={() => void load()} retrying={loading} /> : <Loading />;
  const { account, token } = seen;
  const provider = words.say(`provider.${account.provider}`);
  const forReports = account.grant?.access === 'reports';
  const answered = (answer: AccountAnswer, text: string, hint?: string) => {
    tellOtherTabs({});
    done(answer, text, hint);
  };
  const back = issue && account.linked && (
    <Button appearance="primary" onClick={() => void router.navigate(`/browse/${issue}`)}>
      {words.say('account.back', { issue })}
    </Button>
  );
  return (
    <div className="stack">
      {failure && <Problem failure={failure} />}
      {note && (
        <Message kind="success" actions={back}>
          <p>{note.text}</p>
          {note.hint && <p>{note.hint}</p>}
        </Message>
      )}
      {!note && back && <div className="actions">{back}</div>}
      {token && account.grant ? (
        <Finish
          account={account}
          grant={account.grant}
          token={token}
          onFinished={(answer) => answered(answer, words.say(forReports ? 'reports_access.finished' : 'account.finished'), words.say('account.close_tab'))}
          onDeclined={(answer) => answered(answer, words.say(forReports ? 'reports_access.declined' : 'account.finish_declined', { provider }))}
        />
      ) : account.linked ? (
        <>
          <Linked
            account={account}
            onDisconnected={(answer) => done(answer, words.say('account.disconnected', { provider }))}
            onLooked={(answer) => setSeen({ account: answer })}
          />
          <Reports account={account} gone={gone} onGone={setGone} onTakenBack={(answer) => done(answer, words.say('reports_access.taken_back', { provider }))} />
        </>
      ) : (
        <NotLinked account={account} gone={gone} onGone={setGone} />
      )}
    </div>
  );
}

interface NotLinkedProps {
  account: AccountAnswer;
  gone: boolean;
  onGone: (gone: boolean) => void;
}

function NotLinked({ account, gone, onGone }: NotLinkedProps) {
  const words = useWords();
  const provider = words.say(`provider.${account.provider}`);
  const { busy, failure, ask } = useConsent('account', onGone);
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
        <Button appearance="primary" isLoading={busy} onClick={() => void ask()}>
          {words.say('account.connect')}
        </Button>
        {busy && <span className="quiet">{words.say('account.connecting', { provider })}</span>}
        {gone && <span className="quiet">{words.say('account.go_on')}</span>}
      </div>
    </section>
  );
}
