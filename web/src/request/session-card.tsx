/* One session in full: how it stands in large type, what that means, and, where it can be joined, the button with all that happens then. */
import { useId, type ReactNode } from 'react';
import type { RequestSession } from '../api/types';
import { When } from '../ui/when';
import { useWords } from '../ui/words';
import { Join } from './join';
import { sentencesOf, type Kind } from './kinds';

interface SessionCardProps {
  session: RequestSession;
  kind: Kind;
  now: number;
  /** They can ask for help, which the text says then. */
  offered: boolean;
  /** Below all that is said of it. */
  children?: ReactNode;
}

export function SessionCard({ session, kind, now, offered, children }: SessionCardProps) {
  const words = useWords();
  const title = useId();
  const { headline, text } = sentencesOf(words, kind, session, offered);
  return (
    <section className={`request-card request-${kind}`} aria-labelledby={title}>
      <h2 className="request-headline" id={title}>
        {headline}
      </h2>
      <p>{text}</p>
      <WayIn key={kind} session={session} kind={kind} now={now} />
      {children}
    </section>
  );
}

function WayIn({ session: { customerLink, code, validUntil }, kind, now }: { session: RequestSession; kind: Kind; now: number }) {
  const words = useWords();
  if (kind === 'customer_present' || kind === 'in_progress') return customerLink ? <Join link={customerLink} again /> : null;
  if (kind !== 'open' || !customerLink) return null;
  return (
    <>
      <Join link={customerLink} />
      <p>
        <When iso={validUntil} meaning={(time) => words.say('request.valid_until', { time })}>
          {words.say('request.time_left', { time: words.span(Math.max(0, Date.parse(validUntil) - now)) })}
        </When>
      </p>
      {code && (
        <p>
          {words.say('request.code')} <strong className="request-code">{code}</strong>
        </p>
      )}
      <Steps />
    </>
  );
}

/** What they will see, and what they will be asked, before any of it happens. */
function Steps() {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  return (
    <div className="stack">
      <h3 className="heading">{words.say('request.steps')}</h3>
      <ol className="request-steps">
        <li>{words.say('request.step.page', { provider })}</li>
        <li>{words.say('request.step.program')}</li>
        <li>{words.say('request.step.ask')}</li>
        <li>{words.say('request.step.end')}</li>
      </ol>
    </div>
  );
}
