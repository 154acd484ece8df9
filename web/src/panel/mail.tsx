/*
 * For a customer who was typed in: Jira tells them nothing, so the agent gets a text to send, and is told so. It lies folded: whoever
 * copies it need not read it first.
 */
import Button from '@atlaskit/button/new';
import { useId, useState } from 'react';
import type { Session } from '../api/types';
import { copyText } from '../ui/clipboard';
import { openElsewhere } from '../ui/open-elsewhere';
import { isolated, useWords, type Words } from '../ui/words';
import { useNotes } from './use-notes';

/** A time as the server writes it into a mail, whose reader it does not know. */
const kServerTime = /\d{4}-\d\d-\d\d \d\d:\d\d UTC/g;

/** With a time that people read, in the language that the mail is written in: the server chose it, and does not name it. */
function readable(body: string, session: Session, words: Words): string {
  const [greeting = ''] = words.say('mail.body').split('{');
  const locale = body.startsWith(greeting) ? words.locale : words.language === 'fr' ? 'en-GB' : 'fr-FR';
  return body.replace(kServerTime, () => words.moment(session.validUntil, locale));
}

function mailOf(session: Session, issueKey: string, words: Words) {
  const { mail, customer, customerLink = '', code = '', supporter } = session;
  if (mail) return { to: mail.to, subject: mail.subject, body: readable(mail.body, session, words) };
  return {
    to: undefined,
    subject: words.say('mail.subject', { issue: issueKey }),
    body: words.say('mail.body', { name: customer?.name ?? '', link: customerLink, code, validUntil: words.moment(session.validUntil), agent: supporter.name }),
  };
}

/** RFC 6068. */
const mailAddress = (to: string, subject: string, body: string): string =>
  `mailto:${encodeURIComponent(to).replaceAll('%40', '@')}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll('\n', '\r\n'))}`;

export function Mail({ session, issueKey }: { session: Session; issueKey: string }) {
  const words = useWords();
  const { note, tell, clear } = useNotes(session);
  const id = useId();
  const [open, setOpen] = useState(false);
  const name = session.customer?.name ?? '';
  const { to, subject, body } = mailOf(session, issueKey, words);
  const text = [to, subject, '', body].filter((line) => line !== undefined).join('\n');
  const copy = async () => {
    const copied = await copyText(text);
    if (!copied) setOpen(true);
    tell(words.say(copied ? 'common.copied' : 'common.copy_failed'), copied ? 'remark' : 'told');
  };
  const write = async (address: string) => {
    clear();
    if (!(await openElsewhere(mailAddress(address, subject, body)))) tell(words.say('mail.not_opened'), 'told');
  };
  return (
    <div className="mail">
      <p className="quiet">{words.say(session.invitation === 'public' ? 'mail.public' : 'mail.nobody_notified', { name: isolated(name) })}</p>
      <div className="actions">
        <Button spacing="compact" onClick={() => void copy()}>
          {words.say('mail.copy')}
        </Button>
        {to && (
          <Button spacing="compact" onClick={() => void write(to)}>
            {words.say('mail.write')}
          </Button>
        )}
        <Button spacing="compact" appearance="subtle" aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
          {words.say(open ? 'mail.hide' : 'mail.show')}
        </Button>
      </div>
      {note && <p className="quiet">{note}</p>}
      {open && (
        <pre id={id} className="verbatim" aria-label={words.say('mail.title', { name })}>
          {text}
        </pre>
      )}
    </div>
  );
}
