/* What is kept about one account: how much, the whole of it as a file, and its erase. */
import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { useCallback, useEffect, useRef, useState, type FormEvent } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountDataAnswer, AccountsAnswer, NamedAccount } from '../api/types';
import { Confirm, useOpener } from '../ui/confirm';
import { Field, Select, useFirstWrong } from '../ui/field';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { isolated, useWords } from '../ui/words';
import { Account } from './audit';
import { accountLabel } from './audit-words';
import { keptWords } from './data-words';
import { Erasing } from './erase-progress';
import { useFileExport } from './use-file-export';

const kPaceMs = 1500;
/** In the list, for whoever is not in it. */
const kSomebodyElse = '';

interface OneAccountProps {
  /** Its tab is the one that is seen. */
  active: boolean;
  onListed: (listed: AccountsAnswer) => void;
}

export function OneAccount({ active, onListed }: OneAccountProps) {
  const words = useWords();
  const { accounts, more, failure, loading, load, loadMore } = useAccounts(active, onListed);
  const [chosen, setChosen] = useState(kSomebodyElse);
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const [shown, setShown] = useState<string>();
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const home = useKeepFocus<HTMLElement>();
  const account = chosen === kSomebodyElse ? typed.trim() : chosen;
  const wrong = tried && account === '';

  const look = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (account === '') return point();
    setShown(account);
  };
  const choices = [
    { value: kSomebodyElse, label: words.say('data.account_typed') },
    ...accounts.map((one) => ({ value: one.id, label: accountLabel(words, one) })).sort((a, b) => words.inOrder(a.label, b.label)),
  ];
  return (
    <section className="stack" aria-labelledby="one-account-title" ref={home} tabIndex={-1}>
      <h2 id="one-account-title" className="heading">
        {words.say('data.account')}
      </h2>
      <p className="quiet">{words.say('data.account_hint')}</p>
      {failure && <Problem failure={failure} onRetry={() => void load()} retrying={loading} />}
      <form className="stack" ref={form} onSubmit={look} noValidate>
        <Field label={words.say('data.account_person')}>{(ids) => <Select ids={ids} value={chosen} choices={choices} onChange={setChosen} />}</Field>
        {chosen === kSomebodyElse && (
          <Field label={words.say('data.account_id')} hint={words.say('data.account_id_hint')} problem={wrong ? words.say('data.account_id_missing') : undefined}>
            {(ids) => <Textfield {...ids} value={typed} isInvalid={wrong} maxLength={128} autoComplete="off" spellCheck={false} onChange={(event) => setTyped(event.currentTarget.value)} />}
          </Field>
        )}
        <div className="actions">
          <Button type="submit">{words.say('data.account_look')}</Button>
          {more && (
            <Button appearance="subtle" isLoading={loading} onClick={() => void loadMore()}>
              {words.say('data.account_more')}
            </Button>
          )}
        </div>
      </form>
      {shown !== undefined && <AccountData key={shown} account={shown} active={active} onErased={() => void load()} />}
    </section>
  );
}

function AccountData({ account, active, onErased }: { account: string; active: boolean; onErased: () => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const [data, setData] = useState<AccountDataAnswer>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const [erased, setErased] = useState(false);
  const wasErasing = useRef(false);

  const take = useCallback(
    (answer: AccountDataAnswer) => {
      const done = wasErasing.current && !answer.erasing;
      wasErasing.current = answer.erasing !== undefined;
      setData(answer);
      if (!done) return;
      setErased(true);
      announce(words.say('data.account_erased'));
      onErased();
    },
    [announce, words, onErased],
  );
  const look = useCallback(async () => {
    setLoading(true);
    const answer = await api.getAccountData(account);
    setLoading(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) take(answer.value);
  }, [account, take]);
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void look();
  }, [look]);

  const erasing = data?.erasing;
  useEffect(() => {
    if (!active || !erasing) return undefined;
    const timer = window.setTimeout(() => void look(), kPaceMs);
    return () => window.clearTimeout(timer);
  }, [active, erasing, failure, look]);

  if (!data) return failure ? <Problem failure={failure} onRetry={() => void look()} retrying={loading} /> : null;
  const lines = keptWords(words, data);
  const nothing = lines.length === 0 && !data.linked;
  return (
    <div className="stack narrow account-data" role="group" aria-label={words.say('data.account')}>
      <h3 className="subheading">
        <Account account={data.account} />
      </h3>
      {failure && <Problem failure={failure} onRetry={() => void look()} retrying={loading} />}
      {erasing ? (
        <>
          <p>{words.say('data.account_erasing', { provider: words.say('provider.teamviewer') })}</p>
          <Erasing progress={erasing} />
        </>
      ) : (
        <>
          {erased && <Message kind="success">{words.say('data.account_erased')}</Message>}
          {nothing && !erased && <Message kind="information">{words.say('data.account_nothing')}</Message>}
          {!nothing && <Kept data={data} lines={lines} onErasing={take} />}
        </>
      )}
    </div>
  );
}

function Kept({ data, lines, onErasing }: { data: AccountDataAnswer; lines: string[]; onErasing: (answer: AccountDataAnswer) => void }) {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  return (
    <>
      <ul className="plain-list">
        {data.linked && <li>{words.say('data.kept.link', { provider })}</li>}
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Export account={data.account} />
      <Erase data={data} onErasing={onErasing} />
    </>
  );
}

function Export({ account }: { account: NamedAccount }) {
  const words = useWords();
  const announce = useAnnounce();
  const { state, begin, goOn, stop } = useFileExport();
  const home = useKeepFocus<HTMLDivElement>();
  const request = () => ({ ask: (cursor: string | undefined) => api.exportAccount(account.id, cursor), name: `belay-account-${words.dayOf(Date.now())}`, format: 'json' as const });
  const said = state.kind === 'done' ? words.say('data.export_done', { file: state.file }) : state.kind === 'stopped' ? words.say('audit.export.stopped') : '';
  useEffect(() => {
    if (said !== '') announce(said);
  }, [said, announce]);
  return (
    <div className="stack" ref={home} tabIndex={-1}>
      <div className="actions">
        {state.kind === 'running' ? (
          <>
            <progress className="progress" aria-label={words.say('data.export_begun')} max={state.total ?? 1} {...(state.total !== undefined && { value: state.count })} />
            <span>{state.total === undefined ? words.say('data.export_begun') : words.say('data.export_progress', { count: state.count, total: state.total })}</span>
            <Button onClick={stop}>{words.say('common.cancel')}</Button>
          </>
        ) : (
          <Button onClick={() => begin(request())}>{words.say('data.export')}</Button>
        )}
      </div>
      {state.kind === 'halted' && <Problem failure={state.failure} onRetry={goOn} />}
      {said !== '' && <Message kind={state.kind === 'done' ? 'success' : 'information'}>{said}</Message>}
    </div>
  );
}

function Erase({ data, onErasing }: { data: AccountDataAnswer; onErasing: (answer: AccountDataAnswer) => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const opener = useOpener(asking);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const provider = words.say('provider.teamviewer');
  const name = isolated(data.account.name ?? data.account.id);
  const first = data.linked
    ? data.openSessions === 0
      ? words.say('data.erase_link.none', { name, provider })
      : words.count('data.erase_link', data.openSessions, { name, provider })
    : '';
  const question = [first, words.say('data.erase_question', { name })].filter(Boolean).join(' ');
  const erase = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.eraseAccount(data.account.id);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    setAsking(false);
    announce(words.say('data.erasing'));
    onErasing(answer.value);
  };
  if (!asking) {
    return (
      <div className="actions">
        <Button ref={opener} appearance="danger" onClick={() => setAsking(true)}>
          {words.say('data.erase')}
        </Button>
      </div>
    );
  }
  return (
    <Confirm question={question} action={words.say('data.erase')} busy={busy} onConfirm={() => void erase()} onDecline={() => setAsking(false)}>
      {failure && <Problem failure={failure} />}
    </Confirm>
  );
}

/** Whose ids are kept, five hundred at a time. */
function useAccounts(active: boolean, onListed: (listed: AccountsAnswer) => void) {
  const [accounts, setAccounts] = useState<NamedAccount[]>([]);
  const [next, setNext] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const read = useCallback(
    async (after?: string) => {
      setLoading(true);
      const answer = await api.getAccounts(after);
      setLoading(false);
      setFailure(answer.ok ? undefined : answer.failure);
      if (!answer.ok) return;
      setAccounts((old) => (after === undefined ? answer.value.accounts : [...old, ...answer.value.accounts]));
      setNext(answer.value.next);
      onListed(answer.value);
    },
    [onListed],
  );
  const load = useCallback(() => read(), [read]);
  const begun = useRef(false);
  useEffect(() => {
    if (!active || begun.current) return;
    begun.current = true;
    void load();
  }, [active, load]);
  return { accounts, more: next !== undefined, failure, loading, load, loadMore: () => read(next) };
}
