/*
 * An agent's own page (jira:globalPage): their sessions over all issues. Nothing is done from here but going to the issue: what may be done
 * there, the issue's panel asks Jira.
 */
import Button from '@atlaskit/button/new';
import RefreshIcon from '@atlaskit/icon/core/refresh';
import { useEffect, useRef } from 'react';
import type { Session } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion, useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { openPersonalPage } from '../ui/personal-page';
import { Problem } from '../ui/problem';
import { useNow } from '../ui/use-now';
import { useWords } from '../ui/words';
import { SessionLine } from './session-line';
import { useMine, type Mine } from './use-mine';
import './sessions.css';

export function SessionsPage() {
  const home = useKeepFocus<HTMLElement>();
  const words = useWords();
  return (
    <LiveRegion>
      <main className="mine" ref={home} tabIndex={-1}>
        {/* Jira draws the page's title outside of the frame; inside it is there to be heard. */}
        <h1 className="visually-hidden">{words.say('mine.title')}</h1>
        <SessionsOrState />
      </main>
    </LiveRegion>
  );
}

const kLive = new Set<Session['state']>(['intended', 'open', 'in_progress']);

function SessionsOrState() {
  const mine = useMine();
  const { sessions, failure, refresh, refreshing } = mine;
  if (!sessions) {
    if (!failure) return <Loading />;
    const connect = failure.code === 'not_linked' || failure.code === 'link_expired';
    return <Problem failure={failure} onRetry={refresh} retrying={refreshing} more={connect && <Connect />} />;
  }
  return <Shown sessions={sessions} mine={mine} />;
}

function Connect() {
  const words = useWords();
  return (
    <Button spacing="compact" onClick={() => void openPersonalPage()}>
      {words.say('mine.connect')}
    </Button>
  );
}

function Shown({ sessions, mine }: { sessions: Session[]; mine: Mine }) {
  const now = useNow(mine.clockOffset);
  useWaiting(sessions);
  const waiting = sessions.filter(({ state }) => state === 'customer_present');
  const open = sessions.filter(({ state }) => kLive.has(state));
  const over = sessions.filter(({ state }) => state !== 'customer_present' && !kLive.has(state));
  return (
    <div className="stack-wide">
      {sessions.length === 0 ? (
        <Nothing />
      ) : (
        <>
          {waiting.length > 0 && <Group kind="waiting" sessions={waiting} now={now} />}
          <Group kind="open" sessions={open} now={now} />
          {over.length > 0 && <Group kind="recent" sessions={over} now={now} />}
          {mine.cut && <Cut />}
        </>
      )}
      <End mine={mine} />
    </div>
  );
}

function Nothing() {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  return (
    <Message
      kind="information"
      actions={
        <Button spacing="compact" onClick={() => void openPersonalPage()}>
          {words.say('mine.account')}
        </Button>
      }
    >
      {words.say('mine.none')} {words.say('mine.account_hint', { provider })}
    </Message>
  );
}

function Cut() {
  return <p className="quiet">{useWords().say('mine.cut')}</p>;
}

function Group({ kind, sessions, now }: { kind: 'waiting' | 'open' | 'recent'; sessions: Session[]; now: number }) {
  const words = useWords();
  const title = words.say(`mine.${kind}`);
  return (
    <section className="stack" aria-label={title}>
      <h2 className="heading">{title}</h2>
      {sessions.length === 0 ? (
        <p className="quiet">{words.say('mine.none_open')}</p>
      ) : (
        <ul className="mine-list">
          {sessions.map((session) => (
            <SessionLine key={session.id} session={session} now={now} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** As the panel's end: what is shown and old says so, and one button asks again, whatever it is called, so that focus stays on it. */
function End({ mine: { failure, receivedAt, refresh, refreshing } }: { mine: Mine }) {
  const words = useWords();
  return (
    <footer className="mine-end">
      {failure && (
        <p>
          {words.failure(failure)} {words.say('mine.stale', { time: words.clock(new Date(receivedAt).toISOString()) })}
        </p>
      )}
      <Button appearance={failure ? 'default' : 'subtle'} spacing="compact" iconBefore={RefreshIcon} isLoading={refreshing} onClick={refresh}>
        {words.say(failure ? 'common.try_again' : 'common.refresh')}
      </Button>
    </footer>
  );
}

/** Says to screen readers who has begun to wait; whoever waits already when the page opens stands at its top. */
function useWaiting(sessions: Session[]): void {
  const words = useWords();
  const announce = useAnnounce();
  const before = useRef<Set<string>>();
  useEffect(() => {
    const waiting = sessions.filter(({ state }) => state === 'customer_present');
    const known = before.current;
    before.current = new Set(waiting.map(({ id }) => id));
    if (!known) return;
    const news = waiting.filter(({ id }) => !known.has(id)).map(({ issueKey, code }) => words.say('live.mine_waiting', { issue: issueKey ?? code ?? words.say('mine.hidden_issue') }));
    if (news.length > 0) announce(news.join('. '));
  }, [sessions, words, announce]);
}
