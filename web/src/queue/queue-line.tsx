/* A request that somebody waits on, or that has an open session. It is the way to all that can be done, which its panel asks Jira. */
import type { QueuedRequest } from '../api/types';
import { IssueLink } from '../ui/issue-link';
import { TimeLeft } from '../ui/session-words';
import { When } from '../ui/when';
import { isolated, useWords, type Words } from '../ui/words';

type Waiting = NonNullable<QueuedRequest['waiting']>;

/** No name is left of an account whose data was erased. */
function whoWaits(words: Words, { why, customer: name, supporter }: Waiting): string {
  const customer = name ? isolated(name) : words.say('queue.a_customer');
  if (why === 'asked') return words.say('queue.asked', { customer });
  return supporter ? words.say('queue.joined', { customer, supporter: isolated(supporter) }) : words.say('queue.joined.nobody', { customer });
}

const whoHelps = (words: Words, name: string): string => (name ? words.say('queue.with_customer', { name: isolated(name) }) : words.say('queue.with_customer.nobody'));

export function QueueLine({ request, now }: { request: QueuedRequest; now: number }) {
  const words = useWords();
  const { issue, waiting, sessions, inProgress, validUntil } = request;
  // The session that they wait in is told of with them.
  const counted = sessions > (waiting?.why === 'joined' ? 1 : 0);
  return (
    <li className={waiting ? `line line-${waiting.why}` : 'line'}>
      <div className="line-title">
        <IssueLink issueKey={issue.key}>{issue.key}</IssueLink>
        {waiting && <WaitingFor since={waiting.since} now={now} />}
        {counted && <span className="quiet">{words.count('queue.sessions', sessions)}</span>}
        {!waiting && inProgress === undefined && validUntil && <TimeLeft validUntil={validUntil} now={now} />}
      </div>
      <p className="few-lines" title={issue.summary} dir="auto">
        {issue.summary}
      </p>
      {waiting && <p>{whoWaits(words, waiting)}</p>}
      {inProgress !== undefined && <p>{whoHelps(words, inProgress)}</p>}
    </li>
  );
}

function WaitingFor({ since, now }: { since: string; now: number }) {
  const words = useWords();
  return (
    <span className="quiet">
      <When iso={since} meaning={(time) => words.say('queue.waiting_since', { time })}>
        {words.say('queue.waiting_for', { time: words.span(Math.max(0, now - Date.parse(since))) })}
      </When>
    </span>
  );
}
