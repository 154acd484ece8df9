/* One of the reader's sessions: its issue, code, state, customer and time. The issue is the way to everything that can be done. */
import Lozenge from '@atlaskit/lozenge';
import type { Session } from '../api/types';
import { IssueLink } from '../ui/issue-link';
import { agentName, stateOf, TimeOf } from '../ui/session-words';
import { isolated, useWords } from '../ui/words';

const kNoIssue = { out_of_sight: 'mine.hidden_issue', unknown: 'mine.unsure_issue', deleted: 'mine.no_issue' } as const;

export function SessionLine({ session, now }: { session: Session; now: number }) {
  const words = useWords();
  const { issueKey, issueHidden, code, state, customer, supporter, takenOverFrom } = session;
  const { word, look } = stateOf(session);
  const state_words = words.say(word);
  const unnamed = words.say(kNoIssue[issueHidden ?? 'deleted']);
  return (
    <li className={state === 'customer_present' ? 'line line-joined' : 'line'} aria-label={[issueHidden ? unnamed : issueKey, code, state_words].filter(Boolean).join(', ')}>
      <div className="line-title">
        {issueKey ? <IssueLink issueKey={issueKey}>{issueKey}</IssueLink> : <span className="quiet">{unnamed}</span>}
        {!issueHidden && <span>{code ?? words.say('session.no_code')}</span>}
        <Lozenge appearance={look}>{state_words}</Lozenge>
        <TimeOf session={session} now={now} />
      </div>
      {!issueHidden && <p className="quiet">{customer ? words.say('mine.for', { customer: isolated(customer.name) }) : words.say('mine.for_nobody')}</p>}
      {takenOverFrom && <p className="quiet">{words.say('mine.taken_over', { by: agentName(words, supporter), from: agentName(words, takenOverFrom) })}</p>}
    </li>
  );
}
