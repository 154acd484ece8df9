/*
 * The agents' page among the queues of a service project (jiraServiceManagement:queuePage): which of its requests somebody waits on, so that whoever
 * is free sees it without opening each. Nothing is done from here but going to the request.
 */
import type { Failure } from '../api/client';
import type { Missing, Queue, QueuedRequest } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { Lines } from '../ui/lines';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { PageEnd } from '../ui/page-end';
import { Problem } from '../ui/problem';
import { useNewlyWaiting } from '../ui/use-newly-waiting';
import { useNow } from '../ui/use-now';
import type { Polled } from '../ui/use-polled';
import { useWords, type Words } from '../ui/words';
import { QueueLine } from './queue-line';
import { useQueue } from './use-queue';

export function QueuePage() {
  const home = useKeepFocus<HTMLElement>();
  const words = useWords();
  return (
    <LiveRegion>
      <main className="lines-page" ref={home} tabIndex={-1}>
        {/* Jira draws the page's title outside of the frame; inside it is there to be heard. */}
        <h1 className="visually-hidden">{words.say('queue.title')}</h1>
        <QueueOrState />
      </main>
    </LiveRegion>
  );
}

function QueueOrState() {
  const words = useWords();
  const queue = useQueue();
  const { answer, failure, refresh, refreshing } = queue;
  if (answer) return <Shown answer={answer} queue={queue} />;
  return failure ? <Problem failure={failure} text={refusalText(words, failure)} onRetry={refresh} retrying={refreshing} /> : <Loading />;
}

/** The words that every page has for these are about an issue. */
function refusalText(words: Words, { code, detail }: Failure): string | undefined {
  if (code === 'not_found') return words.say('queue.not_found');
  return code === 'forbidden' && detail?.reason === 'not_agent' ? words.say('queue.not_agent') : undefined;
}

function Shown({ answer, queue }: { answer: Queue; queue: Polled<Queue> }) {
  const words = useWords();
  const now = useNow(queue.clockOffset);
  const { requests, projectOff = false, cut = false, missing } = answer;
  const waiting = requests.filter((request) => request.waiting);
  const open = requests.filter((request) => !request.waiting);
  const complete = !missing.some(({ what }) => what === 'issues');
  useNewlyWaiting(waiting.map(({ issue }) => ({ id: issue.id, issue: issue.key })), complete);
  // Of those who are not shown, somebody may be waiting.
  const nobody = complete && !cut && !projectOff;
  return (
    <div className="stack-wide">
      {projectOff && <Message kind="information">{words.say('queue.project_off')}</Message>}
      {requests.length === 0 && nobody && <Message kind="information">{words.say('queue.none')}</Message>}
      {(waiting.length > 0 || (open.length > 0 && nobody)) && <Group kind="waiting" requests={waiting} now={now} />}
      {open.length > 0 && <Group kind="open" requests={open} now={now} />}
      {cut && <p className="quiet">{words.say('queue.cut')}</p>}
      <PageEnd polled={queue} doubts={missing.map((one) => doubtOf(words, one))} />
    </div>
  );
}

function Group({ kind, requests, now }: { kind: 'waiting' | 'open'; requests: QueuedRequest[]; now: number }) {
  const words = useWords();
  return (
    <Lines title={words.say(`queue.${kind}`)} none={words.say('queue.nobody')}>
      {requests.map((request) => (
        <QueueLine key={request.issue.id} request={request} now={now} />
      ))}
    </Lines>
  );
}

/** A newer server may name what this page has no words for: then the reason is said alone. */
function doubtOf(words: Words, { what, why }: Missing): string {
  return [words.reason({ code: why }), words.find(`queue.missing.${what}`)].filter(Boolean).join(' ');
}
