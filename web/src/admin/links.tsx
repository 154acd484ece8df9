/* Everybody's connected account, and the way for an admin to undo one. */
import Button from '@atlaskit/button/new';
import Lozenge from '@atlaskit/lozenge';
import { useCallback, useEffect, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountLink } from '../api/types';
import { Confirm } from '../ui/confirm';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { isolated, useWords } from '../ui/words';

export function Links() {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  const [links, setLinks] = useState<AccountLink[]>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const home = useKeepFocus<HTMLElement>();
  const load = useCallback(async () => {
    setLoading(true);
    const answer = await api.getLinks();
    setLoading(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) setLinks(answer.value.links);
  }, []);
  useEffect(() => void load(), [load]);
  const hasReports = links?.some(({ reports }) => reports.available) ?? false;
  return (
    <section className="stack" aria-labelledby="links-title" ref={home} tabIndex={-1}>
      <h2 id="links-title" className="heading">
        {words.say('people.links')}
      </h2>
      {failure && <Problem failure={failure} onRetry={() => void load()} retrying={loading} />}
      {!links && !failure && <Loading />}
      {links?.length === 0 && <p className="quiet">{words.say('people.no_links')}</p>}
      {links && links.length > 0 && (
        <div className="scroll" tabIndex={0} role="group" aria-labelledby="links-title">
          <table className="listing">
            <thead>
              <tr>
                <th scope="col">{words.say('people.link_person')}</th>
                <th scope="col">{words.say('people.link_account', { provider })}</th>
                <th scope="col">{words.say('people.link_since')}</th>
                <th scope="col">{words.say('people.link_licence')}</th>
                {hasReports && <th scope="col">{words.say('people.link_reports')}</th>}
                <th scope="col">{words.say('people.link_open_sessions')}</th>
                <td />
              </tr>
            </thead>
            {links.map((link) => (
              <LinkRow key={link.id} link={link} onLinks={setLinks} />
            ))}
          </table>
        </div>
      )}
    </section>
  );
}

function LinkRow({ link, onLinks }: { link: AccountLink; onLinks: (links: AccountLink[]) => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const { name } = link.account;
  const provider = words.say(`provider.${link.provider}`);
  const unlink = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.deleteLink(link.id);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    announce(words.say('people.unlinked', { name }));
    onLinks(answer.value.links);
  };
  const parameters = { name: isolated(name), provider };
  return (
    <tbody>
      <tr>
        <td>
          <bdi>{name}</bdi>
        </td>
        <td data-label={words.say('people.link_account', { provider })}>
          <bdi>{link.providerAccount.name}</bdi>
          {link.providerAccount.email && <div className="quiet">{link.providerAccount.email}</div>}
        </td>
        <td data-label={words.say('people.link_since')}>
          {words.exact(link.linkedAt)}
          {link.expired && (
            <div>
              <Lozenge appearance="removed">{words.say('people.link_expired')}</Lozenge>
            </div>
          )}
        </td>
        <td data-label={words.say('people.link_licence')}>
          <Lozenge appearance={link.licence.eligible ? 'success' : 'moved'}>{link.licence.type ?? words.say('licence.unnamed')}</Lozenge>
        </td>
        {link.reports.available && (
          <td data-label={words.say('people.link_reports')}>
            <Reports reports={link.reports} />
          </td>
        )}
        <td data-label={words.say('people.link_open_sessions')}>{link.openSessions}</td>
        <td>
          <Button spacing="compact" aria-label={words.say('people.unlink_of', { name })} onClick={() => setAsking(true)}>
            {words.say('people.unlink')}
          </Button>
        </td>
      </tr>
      {asking && (
        <tr>
          <td colSpan={link.reports.available ? 7 : 6}>
            <Confirm
              question={
                link.openSessions === 0
                  ? words.say('people.unlink_question.none', parameters)
                  : words.count('people.unlink_question', link.openSessions, parameters)
              }
              action={words.say('people.unlink')}
              busy={busy}
              onConfirm={() => void unlink()}
              onDecline={() => setAsking(false)}
            >
              {failure && <Problem failure={failure} />}
            </Confirm>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** Whether results of this person's sessions come back to their tickets. */
function Reports({ reports }: { reports: AccountLink['reports'] }) {
  const words = useWords();
  if (reports.allowed) return <Lozenge appearance="success">{words.say('people.link_reports.allowed')}</Lozenge>;
  if (reports.expired) return <Lozenge appearance="removed">{words.say('people.link_reports.expired')}</Lozenge>;
  return <Lozenge>{words.say('people.link_reports.not_allowed')}</Lozenge>;
}
