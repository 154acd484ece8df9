/*
 * For a customer who was typed in: Jira tells them nothing, so the agent gets a text to send, and is told so.
 */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import type { Session } from '../api/types';
import { copyText } from '../ui/clipboard';
import { useAnnounce } from '../ui/live';
import { isolated, useWords } from '../ui/words';

export function Mail({ session, issueKey, startOpen }: { session: Session; issueKey: string; startOpen: boolean }) {
  const words = useWords();
  const announce = useAnnounce();
  const [open, setOpen] = useState(startOpen);
  const [said, setSaid] = useState<string>();
  const name = session.customer?.name ?? '';
  const subject = session.mail?.subject ?? words.say('mail.subject', { issue: issueKey });
  const body =
    session.mail?.body ??
    words.say('mail.body', {
      name,
      link: session.customerLink ?? '',
      code: session.code ?? '',
      validUntil: words.exact(session.validUntil),
      agent: session.supporter.name,
    });
  const text = [session.mail?.to, subject, '', body].filter((line) => line !== undefined).join('\n');
  const copy = async () => {
    const sentence = words.say((await copyText(text)) ? 'common.copied' : 'common.copy_failed');
    setSaid(sentence);
    announce(sentence);
  };
  return (
    <div className="mail">
      <p className="quiet">{words.say('mail.nobody_notified', { name: isolated(name) })}</p>
      {open ? (
        <>
          <pre className="verbatim" aria-label={words.say('mail.title', { name })}>
            {text}
          </pre>
          <div className="actions">
            <Button spacing="compact" onClick={() => void copy()}>
              {words.say('mail.copy')}
            </Button>
            {said && <span className="quiet">{said}</span>}
          </div>
        </>
      ) : (
        <Button spacing="compact" onClick={() => setOpen(true)}>
          {words.say('mail.show')}
        </Button>
      )}
    </div>
  );
}
