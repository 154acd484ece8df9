/* The way to an issue: a real link, so that it can be copied and read. The frame itself cannot leave, so Jira is asked to go. */
import { router } from '@forge/bridge';
import type { MouseEvent } from 'react';

export function IssueLink({ issueKey, children }: { issueKey: string; children: string }) {
  const address = `/browse/${encodeURIComponent(issueKey)}`;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    void Promise.resolve(elsewhere ? router.open(address) : router.navigate(address)).catch(() => undefined);
  };
  return (
    <a className="issue-link" href={address} onClick={go}>
      {children}
    </a>
  );
}
