/*
 * The customer's page beside their request in the portal of Jira Service Management: the support sessions that are theirs, and no others. Large
 * and calm, in few words: who helps, what will happen, one button. Nothing starts by itself, and the page follows what happens by itself.
 */
import Button from '@atlaskit/button/new';
import { useCallback, type ReactNode } from 'react';
import type { Failure } from '../api/client';
import type { Asking, RequestAnswer, RequestSession } from '../api/types';
import { isShut } from '../api/shut';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion, useNews } from '../ui/live';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import type { Polled } from '../ui/use-polled';
import { useNow } from '../ui/use-now';
import { useWords, type Words } from '../ui/words';
import { Ask, Asked, askedSentences, ownAsk, whyNotAsk } from './ask';
import { Earlier } from './earlier';
import { isPast, kindOf, sentencesOf, type Kind } from './kinds';
import { SessionCard } from './session-card';
import { useRequest } from './use-request';
import './request.css';

export function RequestPage() {
  const home = useKeepFocus<HTMLElement>();
  const words = useWords();
  return (
    <LiveRegion>
      <main className="request" ref={home} tabIndex={-1}>
        {/* The portal draws the panel's title outside of the frame; inside it is there to be heard. */}
        <h1 className="visually-hidden">{words.say('request.title')}</h1>
        <RequestOrLoading />
      </main>
    </LiveRegion>
  );
}

function RequestOrLoading() {
  const request = useRequest();
  return request.answer || request.failure ? <Known request={request} /> : <Loading />;
}

interface Told {
  session: RequestSession;
  kind: Kind;
}

interface Arranged {
  full: Told[];
  rest: RequestSession[];
  /** Since when they wait for help, where nothing goes on yet. */
  waitingSince: string | undefined;
}

/** In full is shown what goes on, which may be that they wait for help; where nothing does, what ended last. The rest in a line each. */
function arranged({ sessions, asking, projectOff = false }: RequestAnswer): Arranged {
  const told = sessions.map((session) => ({ session, kind: kindOf(session, projectOff) }));
  const going = told.filter(({ kind }) => !isPast(kind));
  const waitingSince = going.length > 0 ? undefined : ownAsk(asking);
  const full = going.length > 0 || waitingSince ? going : told.slice(0, 1);
  return { full, rest: told.filter((one) => !full.includes(one)).map(({ session }) => session), waitingSince };
}

/** What the page says at its top, in one string: when that changes, whoever does not see it hears it. */
function saidOf(words: Words, { answer, failure }: Polled<RequestAnswer>): string {
  if (!answer) return failure ? failureText(words, failure) : '';
  const { asking } = answer;
  const { full, waitingSince } = arranged(answer);
  const shown = full.map(({ session, kind }) => sentencesOf(words, kind, session, asking.offered));
  const sentences = waitingSince ? [askedSentences(words)] : shown.length > 0 ? shown : [nothing(words, answer)];
  const whyNot = isAsking(full) && whyNotAsk(words, asking);
  return [...sentences.map(({ headline, text }) => `${headline}. ${text}`), ...(whyNot ? [whyNot] : [])].join(' ');
}

/** Nothing goes on, so asking for help has its place. */
const isAsking = (full: Told[]): boolean => full.every(({ kind }) => isPast(kind));

const nothing = (words: Words, { asking: { offered }, projectOff = false }: RequestAnswer) => {
  const kind = projectOff ? 'off' : 'none';
  return { headline: words.say(`request.headline.${kind}`), text: words.say(offered && !projectOff ? 'request.text.none.ask' : `request.text.${kind}`) };
};

/** There is nothing here for them, and asking again helps nobody. */
const isGone = (failure: Failure): boolean => isShut(failure) && failure.code !== 'not_paired';

/** The server's own words are for agents and admins; a customer can do nothing about any of it but write on the request. */
const failureText = (words: Words, failure: Failure): string => words.say(isGone(failure) ? 'request.gone' : 'request.unreached');

function Known({ request }: { request: Polled<RequestAnswer> }) {
  const words = useWords();
  const { answer, failure, refresh, refreshing } = request;
  useNews(saidOf(words, request));
  if (answer) return <Shown answer={answer} request={request} />;
  if (!failure) return null;
  const text = failureText(words, failure);
  // Where it came by itself the live region tells of it; otherwise it is there from the start.
  return isGone(failure) ? <p>{text}</p> : <Problem failure={failure} text={text} arrived onRetry={refresh} retrying={refreshing} />;
}

function Shown({ answer, request }: { answer: RequestAnswer; request: Polled<RequestAnswer> }) {
  const now = useNow(request.clockOffset);
  const { full, rest, waitingSince } = arranged(answer);
  const { apply } = request;
  const onAsking = useCallback((asking: Asking) => apply((old) => ({ ...old, asking })), [apply]);
  const { asking } = answer;
  const ask = isAsking(full) && <Ask asking={asking} onAsking={onAsking} />;
  return (
    <div className="stack-wide">
      {waitingSince && <Asked since={waitingSince} now={now} onAsking={onAsking} />}
      {full.map(({ session, kind }) => (
        <SessionCard key={session.id} session={session} kind={kind} now={now} offered={asking.offered}>
          {ask}
        </SessionCard>
      ))}
      {full.length === 0 && !waitingSince && <Nothing answer={answer}>{ask}</Nothing>}
      <Earlier sessions={rest} cut={answer.cut ?? false} now={now} />
      <Doubts answer={answer} request={request} />
    </div>
  );
}

function Nothing({ answer, children }: { answer: RequestAnswer; children: ReactNode }) {
  const { headline, text } = nothing(useWords(), answer);
  return (
    <section className="request-card">
      <h2 className="request-headline">{headline}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

/** What is shown may be old, and says so. */
function Doubts({ answer: { missing }, request: { failure, receivedAt, refresh, refreshing } }: { answer: RequestAnswer; request: Polled<RequestAnswer> }) {
  const words = useWords();
  const old = failure && words.say('request.stale', { time: words.clock(new Date(receivedAt).toISOString()) });
  const provider = missing.some(({ what }) => what === 'session_state') && words.say('request.provider_away', { provider: words.say('provider.teamviewer') });
  const said = old || provider || '';
  useNews(said);
  if (!said) return null;
  return (
    <footer className="request-doubts">
      <p>{said}</p>
      {failure && (
        <Button spacing="compact" isLoading={refreshing} onClick={refresh}>
          {words.say('common.try_again')}
        </Button>
      )}
    </footer>
  );
}
