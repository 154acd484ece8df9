/* The audit log: who did what, on which issue, in which session, to whom, and when. */
import Button from '@atlaskit/button/new';
import type { ReactNode } from 'react';
import type { AuditEntry, NamedAccount } from '../api/types';
import { IssueLink } from '../ui/issue-link';
import { useNewsOf } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { AuditExport } from './audit-export';
import { AuditFilters } from './audit-filter';
import { actionWords, detailWords, kErased } from './audit-words';
import { useAudit, type Audit } from './use-audit';

/** `active`: its tab is the one that is seen. */
export function AuditTab({ active }: { active: boolean }) {
  const words = useWords();
  const audit = useAudit(active);
  return (
    <section className="stack-wide" aria-labelledby="audit-title">
      <div className="stack">
        <h2 id="audit-title" className="heading">
          {words.say('audit.title')}
        </h2>
        <p className="quiet">{words.say('audit.hint', { zone: words.zoneName() })}</p>
        <AuditFilters active={active} busy={audit.loading} onShow={audit.show} />
      </div>
      <Entries audit={audit} />
      <AuditExport filter={audit.filter} />
    </section>
  );
}

function Entries({ audit }: { audit: Audit }) {
  const words = useWords();
  const { entries, failure, loading, namesMissing, filter, show } = audit;
  const none = words.say(Object.keys(filter).length > 0 ? 'audit.none_found' : 'audit.none');
  useNewsOf(entries && (entries.length > 0 ? words.count('audit.shown', entries.length) : none));
  if (!entries) return failure ? <Problem failure={failure} onRetry={() => show(filter)} retrying={loading} /> : <Loading />;
  if (entries.length === 0) return <Message kind="information">{none}</Message>;
  return (
    <div className="stack">
      {namesMissing && <Message kind="warning">{words.say('audit.names_missing', { reason: words.reason({ code: namesMissing }) })}</Message>}
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="audit-title">
        <table className="listing audit">
          <thead>
            <tr>
              {(['when', 'who', 'what', 'about'] as const).map((column) => (
                <th key={column} scope="col">
                  {words.say(`audit.column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </table>
      </div>
      <Older audit={audit} />
    </div>
  );
}

function Older({ audit: { more, loading, failure, older } }: { audit: Audit }) {
  const words = useWords();
  if (!more) return <p className="quiet">{words.say('audit.oldest')}</p>;
  if (failure) return <Problem failure={failure} onRetry={older} retrying={loading} />;
  return (
    <div className="actions">
      <Button isLoading={loading} onClick={older}>
        {words.say('audit.older')}
      </Button>
    </div>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const words = useWords();
  const detail = detailWords(words, entry);
  return (
    <tbody>
      <tr>
        <td>
          <time dateTime={entry.at}>{words.second(entry.at)}</time>
        </td>
        <td data-label={words.say('audit.column.who')}>
          {entry.actor ? <Account account={entry.actor} /> : words.say('audit.belay')}
          {entry.peer && <div className="quiet">{words.say('audit.peer', { peer: entry.peer })}</div>}
        </td>
        <td data-label={words.say('audit.column.what')}>
          {actionWords(words, entry)}
          {detail && <div className="quiet">{detail}</div>}
        </td>
        <td data-label={words.say('audit.column.about')}>
          <About {...entry} />
        </td>
      </tr>
    </tbody>
  );
}

/** Somebody without a name is shown as Jira's id of the account. */
export function Account({ account: { id, name } }: { account: NamedAccount }) {
  const words = useWords();
  if (id === kErased) return <em>{words.say('audit.erased_account')}</em>;
  return name === undefined ? <code className="account-id">{id}</code> : <bdi>{name}</bdi>;
}

/** An issue, a session, a person: what there is of them, one below the other. */
export function About({ issue, session, person }: Pick<AuditEntry, 'issue' | 'session' | 'person'>) {
  const words = useWords();
  const lines: [string, ReactNode][] = [];
  if (issue) lines.push(['issue', issue.key === undefined ? words.say('audit.issue_id', { id: issue.id }) : <IssueLink issueKey={issue.key}>{issue.key}</IssueLink>]);
  if (session?.code !== undefined) lines.push(['session', words.say('audit.session', { code: session.code })]);
  if (person) lines.push(['person', <Account key="person" account={person} />]);
  return (
    <>
      {lines.map(([what, line]) => (
        <div key={what}>{line}</div>
      ))}
    </>
  );
}
