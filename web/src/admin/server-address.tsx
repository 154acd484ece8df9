import Button from '@atlaskit/button/new';
import Textfield from '@atlaskit/textfield';
import { useState, type FormEvent } from 'react';
import { Field, useFirstWrong } from '../ui/field';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { focusNow } from '../ui/open-elsewhere';
import { useWords } from '../ui/words';
import { originOf, type ServerAddress as Server } from './use-server-address';

type Outcome = 'saved' | 'refused' | 'not_https' | undefined;

export function ServerAddress({ server, onChanged }: { server: Server; onChanged: () => Promise<void> }) {
  const words = useWords();
  const announce = useAnnounce();
  const { form, point } = useFirstWrong<HTMLFormElement>();
  const [typed, setTyped] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const { address } = server;
  const shown = typed ?? (address.kind === 'set' ? address.origin : '');

  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const origin = originOf(shown);
    if (!origin) {
      setOutcome('not_https');
      return point();
    }
    setBusy(true);
    setOutcome(undefined);
    const giveBack = focusNow();
    const accepted = await server.use(origin);
    setBusy(false);
    giveBack();
    if (!accepted) return setOutcome('refused');
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
      {address.kind === 'none' && <p>{words.say('setup.server_unknown')}</p>}
      {address.kind === 'unknown' && <p>{words.say('setup.server_not_known')}</p>}
      <form ref={form} className="stack" noValidate onSubmit={(event) => void save(event)}>
        <Field
          label={words.say('setup.server_address')}
          hint={words.say('setup.server_hint')}
          problem={outcome === 'not_https' ? words.say('setup.server_not_https') : undefined}
        >
          {(ids) => (
            <Textfield {...ids} isInvalid={outcome === 'not_https'} type="url" autoComplete="off" value={shown} onChange={(event) => setTyped(event.currentTarget.value)} />
          )}
        </Field>
        {outcome === 'refused' && (
          <Message kind="error" alert>
            {words.say('setup.server_refused')}
          </Message>
        )}
        {outcome === 'saved' && <Message kind="success">{words.say('setup.server_saved')}</Message>}
        <div className="actions">
          <Button type="submit" appearance={address.kind === 'none' ? 'primary' : 'default'} isLoading={busy}>
            {words.say('setup.server_save')}
          </Button>
          {busy && <span className="quiet">{words.say('setup.server_saving')}</span>}
        </div>
      </form>
    </section>
  );
}
