/* In whose account a rule of Jira's automation creates sessions where the assignee has connected none: one of the connected accounts. */
import { useCallback, useEffect, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountLink } from '../api/types';
import { Field, Select } from '../ui/field';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';

interface DefaultSupporterProps {
  /** Empty: nobody. */
  account: string;
  onChange: (account: string) => void;
}

export function DefaultSupporter({ account, onChange }: DefaultSupporterProps) {
  const words = useWords();
  const [links, setLinks] = useState<AccountLink[]>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const load = useCallback(async () => {
    setLoading(true);
    const answer = await api.getLinks();
    setLoading(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) setLinks(answer.value.links);
  }, []);
  useEffect(() => void load(), [load]);

  const choices = [
    { value: '', label: words.say('sessions.default_supporter_none') },
    ...(links ?? []).map((link) => ({ value: link.account.id, label: link.account.name })),
  ];
  // One that disconnected since is still what is saved; before the list has come, so is whoever is chosen.
  if (!choices.some(({ value }) => value === account)) choices.push({ value: account, label: words.say(links ? 'sessions.default_supporter_gone' : 'common.loading') });
  return (
    <div className="stack">
      <Field label={words.say('sessions.default_supporter')} hint={words.say('sessions.default_supporter_hint')}>
        {(ids) => <Select ids={ids} value={account} choices={choices} onChange={onChange} />}
      </Field>
      {failure && <Problem failure={failure} onRetry={() => void load()} retrying={loading} />}
    </div>
  );
}
