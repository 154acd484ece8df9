/* One of the reader's sessions: its issue, code, state, customer and time. The issue is the way to everything that can be done. */
import Lozenge from '@atlaskit/lozenge';
import { router } from '@forge/bridge';
import type { MouseEvent } from 'react';
import type { Session } from '../api/types';
import { stateLooks, TimeOf } from '../ui/session-words';
import { isolated, useWords } from '../ui/words';

export function SessionLine({ session, now }: { session: Session; now: number }) {
  const words = useWords();
  const { issueKey, code, state, customer } = session;
  const state_words = words.say(`state.${state}`);
  return (
    <li className={`mine-session mine-${state}`} aria-label={[issueKey, code, state_words].filter(Boolean).join(', ')}>
      <div className="mine-title">
        {issueKey ? <IssueLink issueKey={issueKey} /> : <span className="quiet">{words.say('mine.no_issue')}</span>}
        <span>{code ?? words.say('session.no_code')}</span>
        <Lozenge appearance={stateLooks[state]}>{state_words}</Lozenge>
        <TimeOf session={session} now={now} />
      </div>
      <p className="quiet">{customer ? words.say('mine.for', { customer: isolated(customer.name) }) : words.say('mine.for_nobody')}</p>
    </li>
  );
}

/** A real link, so that it can be copied and read; the frame itself cannot leave, so Jira is asked to go. */
function IssueLink({ issueKey }: { issueKey: string }) {
  const address = `/browse/${encodeURIComponent(issueKey)}`;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    void Promise.resolve(elsewhere ? router.open(address) : router.navigate(address)).catch(() => undefined);
  };
  return (
    <a className="mine-issue" href={address} onClick={go}>
      {issueKey}
    </a>
  );
}
