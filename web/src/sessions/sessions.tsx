/*
 * An agent's own page (jira:globalPage): their sessions over all issues. Nothing is done from here but going to the issue: what may be done
 * there, the issue's panel asks Jira.
 */
import Button from '@atlaskit/button/new';
import type { Session } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { Lines } from '../ui/lines';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { PageEnd } from '../ui/page-end';
import { openPersonalPage } from '../ui/personal-page';
import { Problem } from '../ui/problem';
import { useNewlyWaiting } from '../ui/use-newly-waiting';
import { useNow } from '../ui/use-now';
import { useWords } from '../ui/words';
import { SessionLine } from './session-line';
import { useMine, type Mine } from './use-mine';

export function SessionsPage() {
  const home = useKeepFocus<HTMLElement>();
  const words = useWords();
  return (
    <LiveRegion>
      <main className="lines-page" ref={home} tabIndex={-1}>
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
  const words = useWords();
  const now = useNow(mine.clockOffset);
  const waiting = sessions.filter(({ state }) => state === 'customer_present');
  useNewlyWaiting(waiting.map(({ id, issueKey, code }) => ({ id, issue: issueKey ?? code ?? words.say('mine.hidden_issue') })));
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
      <PageEnd polled={mine} />
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
  return (
    <Lines title={words.say(`mine.${kind}`)} none={words.say('mine.none_open')}>
      {sessions.map((session) => (
        <SessionLine key={session.id} session={session} now={now} />
      ))}
    </Lines>
  );
}
