/*
 * Asking for help from this side. What can be asked stands below what the page says; once somebody waits, that is what goes on here, and stands
 * in full until an invitation takes its place.
 */
import Button from '@atlaskit/button/new';
import { useId, useState } from 'react';
import { api, type Failure, type Result } from '../api/client';
import type { Asking } from '../api/types';
import { Problem } from '../ui/problem';
import { When } from '../ui/when';
import { useWords, type Words } from '../ui/words';

/** The caller's own ask, and since when. */
export const ownAsk = ({ since, own }: Asking): string | undefined => (own ? since : undefined);

export const askedSentences = (words: Words) => ({ headline: words.say('request.asked'), text: words.say('request.asked_text') });

/** Why nobody can ask now, where they could otherwise: heard too when it comes. */
export function whyNotAsk(words: Words, { since, own, againAt }: Asking): string {
  if (since) return own ? '' : words.say('request.asked_by_another');
  return againAt ? words.say('request.asked_often', { time: words.clock(againAt) }) : '';
}

/** What a customer can make something of; the words for all else are for the team. */
function refusalText(words: Words, failure: Failure): string {
  const theirs = failure.code === 'asking_off' || failure.code === 'asked_too_often' || failure.detail?.reason === 'not_on_request';
  return theirs ? words.failure(failure) : words.say('request.ask_failed');
}

interface AskProps {
  asking: Asking;
  onAsking: (asking: Asking) => void;
}

function useAsk(question: () => Promise<Result<Asking>>, onAsking: (asking: Asking) => void) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const press = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    const answer = await question();
    setBusy(false);
    if (answer.ok) onAsking(answer.value);
    else setFailure(answer.failure);
  };
  return { busy, failure, press: () => void press() };
}

export function Ask({ asking, onAsking }: AskProps) {
  const words = useWords();
  const { busy, failure, press } = useAsk(api.askForHelp, onAsking);
  const whyNot = whyNotAsk(words, asking);
  return (
    <>
      {asking.offered && (
        <div className="request-join">
          <Button appearance="primary" shouldFitContainer isLoading={busy} onClick={press}>
            {words.say('request.ask')}
          </Button>
        </div>
      )}
      {whyNot && <p>{whyNot}</p>}
      {failure && !whyNot && <Problem failure={failure} text={refusalText(words, failure)} />}
    </>
  );
}

export function Asked({ since, now, onAsking }: { since: string; now: number; onAsking: (asking: Asking) => void }) {
  const words = useWords();
  const title = useId();
  const { busy, failure, press } = useAsk(api.withdrawAsk, onAsking);
  const { headline, text } = askedSentences(words);
  return (
    <section className="request-card request-asked" aria-labelledby={title}>
      <h2 className="request-headline" id={title}>
        {headline}
      </h2>
      <p>{text}</p>
      <p>
        <When iso={since} meaning={(time) => words.say('request.asked_at', { time })}>
          {words.ago(since, now)}
        </When>
      </p>
      <div>
        <Button appearance="subtle" isLoading={busy} onClick={press}>
          {words.say('request.withdraw')}
        </Button>
      </div>
      {failure && <Problem failure={failure} text={refusalText(words, failure)} />}
    </section>
  );
}
