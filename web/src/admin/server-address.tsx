import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { permissions } from '@forge/bridge';
import { useEffect, useState, type FormEvent } from 'react';
import { Field } from '../ui/field';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { useWords } from '../ui/words';

/** The remote of forge/manifest.yml that admins point at their own server. */
export const kRemote = 'belay-server';

/** An origin: https, or plain http for a server on this very machine. Undefined when it is none. */
export function originOf(typed: string): string | undefined {
  const text = typed.trim();
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search, hash, username } = new URL(text);
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
  const bare = pathname === '/' && search === '' && hash === '' && username === '';
  return bare && (protocol === 'https:' || (protocol === 'http:' && loopback)) ? origin : undefined;
}

type Outcome = 'saved' | 'refused' | 'not_https' | undefined;

export function ServerAddress({ onChanged }: { onChanged: () => Promise<void> }) {
  const words = useWords();
  const announce = useAnnounce();
  const [present, setPresent] = useState<string>();
  const [typed, setTyped] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();

  useEffect(() => {
    let mounted = true;
    permissions.remote
      .get({ keys: [kRemote] })
      .then(({ results }) => results.find(({ key }) => key === kRemote)?.configured?.endpoint ?? undefined)
      .catch(() => undefined)
      .then((endpoint) => {
        if (mounted) setPresent(endpoint);
      });
    return () => {
      mounted = false;
    };
  }, []);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const origin = originOf(typed ?? present ?? '');
    if (!origin) return setOutcome('not_https');
    setBusy(true);
    setOutcome(undefined);
    try {
      await permissions.remote.set({ remotes: [{ key: kRemote, configured: { endpoint: origin } }] });
    } catch {
      setOutcome('refused');
      return;
    } finally {
      setBusy(false);
    }
    setPresent(origin);
    setTyped(undefined);
    setOutcome('saved');
    announce(words.say('setup.server_saved'));
    await onChanged();
  };

  return (
    <section className="stack" aria-labelledby="server-title">
      <h2 id="server-title" className="heading">
        {words.say('setup.server')}
      </h2>
      <p className="quiet">{present ? <span className="mono">{present}</span> : words.say('setup.server_unknown')}</p>
      <form className="stack" noValidate onSubmit={(event) => void save(event)}>
        <Field
          label={words.say('setup.server_address')}
          hint={words.say('setup.server_hint')}
          problem={outcome === 'not_https' ? words.say('setup.server_not_https') : undefined}
        >
          {(ids) => (
            <Textfield
              {...ids}
              isInvalid={outcome === 'not_https'}
              type="url"
              autoComplete="off"
              value={typed ?? present ?? ''}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          )}
        </Field>
        {outcome === 'refused' && <Message kind="error">{words.say('setup.server_refused')}</Message>}
        {outcome === 'saved' && <Message kind="success">{words.say('setup.server_saved')}</Message>}
        <div className="actions">
          <Button type="submit" isLoading={busy}>
            {words.say('setup.server_save')}
          </Button>
          {busy && <span className="quiet">{words.say('setup.server_saving')}</span>}
        </div>
      </form>
    </section>
  );
}
