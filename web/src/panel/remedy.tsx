/* What helps against the failure of a session's step, beside trying again: the words name it, so it stands with them. */
import Button from '@atlaskit/button/new';
import type { ReactNode } from 'react';
import type { StepError } from '../api/types';
import { issueOf } from '../ui/failure-words';
import { IssueLink } from '../ui/issue-link';
import type { Words } from '../ui/words';

/** The session is there, and its invitation is not: who has the link can send it. */
const kLeftToSend: ReadonlySet<string> = new Set(['jira_refused_comment', 'jira_issue_gone', 'comment_hidden_from_customer']);

/** What stands in the way is looked for elsewhere only when it is elsewhere. */
export function hereOrElsewhere(error: StepError, issueKey: string): StepError {
  if (issueOf(error) !== issueKey) return error;
  return { ...error, detail: { ...error.detail, issueKey: undefined } as StepError['detail'] };
}

/** `copyLink`: where there is one to copy. */
export function remedyFor(error: StepError, issueKey: string, words: Words, copyLink: (() => void) | undefined): ReactNode {
  const issue = issueOf(error);
  if (issue !== undefined && issue !== issueKey) return <IssueLink issueKey={issue}>{words.say('session.go_to', { issue })}</IssueLink>;
  if (!copyLink || !(error.outcome === 'not_invited' || kLeftToSend.has(error.code))) return undefined;
  return (
    <Button spacing="compact" onClick={copyLink}>
      {words.say('session.copy_link')}
    </Button>
  );
}
