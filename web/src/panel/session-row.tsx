/*
 * One session: its code, its state in words, the time left, the one action that matters, and the rest in a menu.
 */
import Button from '@atlaskit/button/new';
import Lozenge from '@atlaskit/lozenge';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import type { Session, SessionCreated, Viewer } from '../api/types';
import { copyText } from '../ui/clipboard';
import { useKeepFocus } from '../ui/keep-focus';
import { Menu, type MenuItem } from '../ui/menu';
import { openElsewhere } from '../ui/open-elsewhere';
import { Problem } from '../ui/problem';
import { agentName, isCancelled, isOver, stateOf, TimeOf } from '../ui/session-words';
import { isolated, useWords } from '../ui/words';
import { CloseSession } from './close-session';
import { useHoldWhile } from './hold';
import { Mail } from './mail';
import { hereOrElsewhere, remedyFor } from './remedy';
import { ReplaceSession } from './replace-session';
import { SendAgain } from './send-again';
import { SessionNotes } from './session-notes';
import { SessionResult } from './session-result';
import { Steps } from './steps';
import { useNotes } from './use-notes';

interface SessionRowProps {
  session: Session;
  viewer: Viewer;
  issueKey: string;
  now: number;
  /** Made by this agent in this view: its steps stay to be read, and focus comes to it. */
  fresh: boolean;
  /** What the admin chose for new sessions, in minutes. */
  usualValidity: number;
  /** The code of another session of the issue, as far as it is known. */
  codeOf: (id: string) => string | undefined;
  apply: (session: Session) => void;
  onReplaced: (answer: SessionCreated) => void;
  /** Take a session that was not made out of the reader's sight. */
  onPutAway: (id: string) => void;
}

/** What stands open under the row, one at a time. */
type Open = 'close' | 'replace' | 'send_again' | 'note' | undefined;
type Busy = 'connect' | 'connect_browser' | 'cancel' | 'retry' | undefined;

export function SessionRow({ session, viewer, issueKey, now, fresh, usualValidity, codeOf, apply, onReplaced, onPutAway }: SessionRowProps) {
  const words = useWords();
  const { note, failure, tell, refuse, clear } = useNotes(session);
  const row = useKeepFocus<HTMLLIElement>();
  const [busy, setBusy] = useState<Busy>();
  const [open, setOpen] = useState<Open>();
  const [showLink, setShowLink] = useState(false);
  const [menu, setMenu] = useState(false);
  useHoldWhile(menu);
  const can = new Set(session.actions);
  const code = session.code ?? words.say('session.no_code');
  const provider = words.say(`provider.${viewer.provider}`);

  useEffect(() => {
    if (fresh) row.current?.focus({ preventScroll: true });
  }, [fresh, row]);

  const forget = () => {
    setShowLink(false);
    clear();
  };
  const begin = (kind: Busy) => {
    setBusy(kind);
    forget();
  };

  const connect = async (client: 'app' | 'browser') => {
    begin(client === 'app' ? 'connect' : 'connect_browser');
    const answer = await api.connectSession(session.id, client);
    setBusy(undefined);
    if (!answer.ok) return refuse(answer.failure);
    // Jira asks before it opens another site, and needs the address for that: by then the server has counted the connection.
    if (!(await openElsewhere(answer.value.url))) {
      tell(words.say('session.not_opened'), 'told');
      const stayed = await api.stayInJira(session.id);
      if (stayed.ok) apply(stayed.value.session);
      return;
    }
    tell(client === 'app' ? words.say('session.opened', { provider }) : words.say('session.opened_browser'), 'hint');
  };

  const change = async (kind: 'cancel' | 'retry') => {
    begin(kind);
    const answer = await (kind === 'cancel' ? api.cancelSession(session.id) : api.retrySession(session.id));
    setBusy(undefined);
    if (answer.ok) apply(answer.value.session);
    else refuse(answer.failure);
  };

  const copyLink = async () => {
    forget();
    const copied = await copyText(session.customerLink ?? '');
    setShowLink(!copied);
    tell(words.say(copied ? 'common.copied' : 'common.copy_failed'), copied ? 'remark' : 'told');
  };

  const show = (what: Open) => () => {
    forget();
    setOpen(what);
  };
  const leave = () => setOpen(undefined);

  const mayCopy = session.customerLink !== undefined && can.has('copy_link');
  const items: MenuItem[] = [];
  if (mayCopy) items.push({ key: 'copy', label: words.say('session.copy_link'), onSelect: () => void copyLink() });
  if (can.has('connect_browser')) {
    items.push({ key: 'browser', label: words.say('session.connect_browser'), onSelect: () => void connect('browser') });
  }
  if (can.has('cancel')) items.push({ key: 'cancel', label: words.say('session.cancel'), onSelect: () => void change('cancel') });
  if (can.has('send_again')) items.push({ key: 'send_again', label: words.say('session.send_again'), onSelect: show('send_again') });
  if (can.has('replace')) items.push({ key: 'replace', label: words.say('session.replace'), onSelect: show('replace') });
  if (can.has('note')) items.push({ key: 'note', label: words.say('session.note'), onSelect: show('note') });
  if (can.has('close')) items.push({ key: 'close', label: words.say('session.close'), onSelect: show('close') });
  if (session.state === 'failed') items.push({ key: 'away', label: words.say('session.put_away'), onSelect: () => onPutAway(session.id) });

  const { word, look } = stateOf(session);
  const head = (trigger: JSX.Element | null) => (
    <div className="session-head">
      <div className="session-title">
        <span className="session-code">{code}</span>
        <Lozenge appearance={look}>{words.say(word)}</Lozenge>
        <TimeOf session={session} now={now} />
      </div>
      {trigger}
    </div>
  );

  const { error } = session;
  // The panel offers to connect, above; the session itself need not tell that story again.
  const unconnected = !viewer.linked && (error?.code === 'link_expired' || error?.code === 'not_linked') && error.detail?.agent === undefined;

  const supporter = agentName(words, session.supporter);
  const before = session.takenOverFrom;
  const customer = session.customer?.name;
  // Whoever reads this knows what they asked for themselves.
  const joined = (session.joinedBy ?? []).filter(({ id }) => id !== viewer.id).map(({ name }) => isolated(name));
  const stepsMatter = (fresh && !isOver(session)) || [session.steps.session, session.steps.invitation].some((step) => step === 'pending' || step === 'failed');
  return (
    <li ref={row} tabIndex={-1} className={`session session-${session.state}`} aria-label={`${code}, ${words.say(word)}`}>
      {items.length === 0 ? (
        head(null)
      ) : (
        <Menu label={words.say('session.actions', { code })} items={items} onOpenChange={setMenu}>
          {(trigger, list) => (
            <>
              {head(trigger)}
              {list}
            </>
          )}
        </Menu>
      )}
      <p className="quiet few-lines" title={customer}>
        {customer ? words.say('session.by_for', { name: supporter, customer: isolated(customer) }) : words.say('session.by', { name: supporter })}
      </p>
      {before && <p className="quiet">{before.id === viewer.id ? words.say('session.taken_over_from_you') : words.say('session.taken_over_from', { name: agentName(words, before) })}</p>}
      {joined.length > 0 && <p className="quiet">{words.say('session.joined_by', { names: words.list(joined) })}</p>}
      {session.replaces && codeOf(session.replaces) && <p className="quiet">{words.say('session.replaces', { code: codeOf(session.replaces) ?? '' })}</p>}
      {session.replacedBy && codeOf(session.replacedBy) && <p className="quiet">{words.say('session.replaced_by', { code: codeOf(session.replacedBy) ?? '' })}</p>}
      {open !== 'note' && <SessionResult session={session} />}
      {stepsMatter && <Steps session={session} />}
      {isCancelled(session) && <p className="quiet">{words.say('session.not_made')}</p>}
      {can.has('connect') && (
        <Button
          appearance={session.state === 'customer_present' ? 'primary' : 'default'}
          spacing="compact"
          shouldFitContainer
          isLoading={busy === 'connect'}
          onClick={() => void connect('app')}
        >
          {words.say('session.connect')}
        </Button>
      )}
      {busy === 'connect_browser' && <p className="quiet">{words.say('session.connecting')}</p>}
      {session.steps.closing === 'failed' && error?.outcome !== 'not_closed' && <p className="quiet">{words.say('session.close_failed', { provider })}</p>}
      {note && <p className="quiet">{note}</p>}
      {showLink && !isOver(session) && session.customerLink && <p className="verbatim">{session.customerLink}</p>}
      {error && (
        <Problem
          failure={hereOrElsewhere(error, issueKey)}
          arrived
          text={unconnected ? words.say('session.account_not_connected', { provider }) : undefined}
          retrying={busy === 'retry'}
          onRetry={(can.has('retry') && !unconnected) || busy === 'retry' ? () => void change('retry') : undefined}
          more={remedyFor(error, issueKey, words, mayCopy ? () => void copyLink() : undefined)}
        />
      )}
      {failure && <Problem failure={failure} />}
      {open === 'close' && <CloseSession session={session} apply={apply} onLeave={leave} />}
      {open === 'replace' && <ReplaceSession session={session} usualValidity={usualValidity} onReplaced={onReplaced} onLeave={leave} />}
      {open === 'send_again' && <SendAgain session={session} apply={apply} onSent={() => tell(words.say('session.sent_again'), 'remark')} onLeave={leave} />}
      {open === 'note' && <SessionNotes session={session} apply={apply} onSaved={() => tell(words.say('session.notes_saved'), 'remark')} onLeave={leave} />}
      {session.customer && !session.customer.id && session.customerLink && session.state === 'open' && (
        <Mail session={session} issueKey={issueKey} />
      )}
    </li>
  );
}
