import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { view } from '@forge/bridge';
import { useEffect, useState, type FormEvent } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountLink, Installation } from '../api/types';
import { Command } from '../ui/command';
import { AskFirst } from '../ui/confirm';
import { Field, useFirstWrong } from '../ui/field';
import { useAnnounce } from '../ui/live';
import { Problem } from '../ui/problem';
import { isolated, useWords, type Words } from '../ui/words';
import { isTrial, pairCommand } from './commands';

interface PairingProps {
  /** `anew`: the app had been installed again, and what was kept is there. */
  onPaired: (anew: boolean) => Promise<void>;
  /** The next thing to do is to type the code. */
  focus: boolean;
}

export function Pairing({ onPaired, focus }: PairingProps) {
  const words = useWords();
  const [site, setSite] = useState('https://…');
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const [code, setCode] = useState('');
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  useEffect(() => {
    if (focus) form.current?.querySelector('input')?.focus();
  }, [focus, form]);

  useEffect(() => {
    void view
      .getContext()
      .then(({ siteUrl }) => siteUrl && setSite(siteUrl))
      .catch(() => undefined);
  }, []);

  const pair = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setMissing(code.trim() === '');
    if (code.trim() === '') return point();
    setBusy(true);
    setFailure(undefined);
    const answer = await api.pair(code.trim());
    if (!answer.ok) {
      setBusy(false);
      return setFailure(answer.failure);
    }
    await onPaired(answer.value.anew === true);
    setBusy(false);
  };

  return (
    <section className="stack" aria-labelledby="pairing-title">
      <h2 id="pairing-title" className="heading">
        {words.say('setup.pairing')}
      </h2>
      <p className="quiet">{words.say('setup.not_paired')}</p>
      <p>{words.say('setup.pairing_hint')}</p>
      <Command text={pairCommand(site)} />
      {isTrial(site) && <p className="quiet">{words.say('setup.trial')}</p>}
      <form ref={form} className="stack" noValidate onSubmit={(event) => void pair(event)}>
        <Field label={words.say('setup.pairing_code')} problem={missing ? words.say('setup.pairing_code_missing') : undefined}>
          {(ids) => <Textfield {...ids} isInvalid={missing} value={code} maxLength={64} autoComplete="off" spellCheck={false} onChange={(event) => setCode(event.currentTarget.value)} />}
        </Field>
        {failure && <Problem failure={failure} />}
        <div className="actions">
          <Button type="submit" appearance="primary" isLoading={busy}>
            {words.say('setup.pair')}
          </Button>
          {busy && <span className="quiet">{words.say('setup.pairing_now')}</span>}
        </div>
      </form>
    </section>
  );
}

export function Paired({ installation, anew, onUnpaired }: { installation: Installation; anew: boolean; onUnpaired: () => Promise<void> }) {
  const words = useWords();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [links, setLinks] = useState<AccountLink[]>();
  /** How much would go, as it is now; where that cannot be had the question says no numbers. */
  const count = async () => {
    const answer = await api.getLinks();
    setLinks(answer.ok ? answer.value.links : undefined);
  };
  const unpair = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.unpair();
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    announce(words.say('setup.unpaired'));
    await onUnpaired();
  };
  return (
    <section className="stack" aria-labelledby="paired-title">
      <h2 id="paired-title" className="heading">
        {words.say('setup.pairing')}
      </h2>
      <p>{sinceWhen(installation, words)}</p>
      <p className="quiet">{words.say('setup.paired_site', { site: installation.siteUrl })}</p>
      {anew && <p>{words.say('setup.paired_anew')}</p>}
      {failure && <Problem failure={failure} />}
      {!installation.configured && <AskFirst question={[...(links ? [goes(links, words)] : []), words.say('setup.unpair_question')].join(' ')} onAsk={count} action={words.say('setup.unpair')} busy={busy} onConfirm={() => void unpair()} />}
    </section>
  );
}

function sinceWhen({ pairedAt, pairedBy }: Installation, words: Words): string {
  const time = words.exact(pairedAt);
  return pairedBy ? words.say('setup.paired', { time, name: isolated(pairedBy.name) }) : words.say('setup.configured', { time });
}

function goes(links: AccountLink[], words: Words): string {
  const sessions = links.reduce((sum, { openSessions }) => sum + openSessions, 0);
  return words.say('setup.unpair_goes', { accounts: words.count('setup.accounts', links.length), sessions: words.count('setup.open_sessions', sessions) });
}
