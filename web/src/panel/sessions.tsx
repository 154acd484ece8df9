/*
 * The sessions of the issue, and the form that makes one. A session that this agent has just made shows its steps until they
 * are read.
 */
import Button from '@atlaskit/button/new';
import { lazy, Suspense, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Panel, Session, SessionCreated } from '../api/types';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { useKeepFocus } from '../ui/keep-focus';
import { Message } from '../ui/message';
import { useWords } from '../ui/words';
import { Section } from './section';
import { SessionRow } from './session-row';
import { useEarlier } from './use-earlier';
import { usePutAway } from './use-put-away';

const CreateSession = lazy(() => import('./create-session'));

/** A session was asked for from a person's row; `turn` tells one asking from the next. */
export interface SessionFor {
  person: string;
  turn: number;
}

export const mayCreateHere = ({ viewer, projectOff }: Panel): boolean => viewer.linked && viewer.licence.eligible && !projectOff;

interface SessionsProps {
  panel: Panel;
  order: string[];
  /** Made by this agent in this view. */
  mine: ReadonlySet<string>;
  now: number;
  asked: SessionFor | undefined;
  apply: (session: Session) => void;
  onCreated: (answer: SessionCreated) => void;
  /** Stands in the head when this is the panel's first part. */
  refresh: ReactNode;
}

export function Sessions({ panel, order, mine, now, asked, apply, onCreated, refresh }: SessionsProps) {
  const words = useWords();
  const [creating, setCreating] = useState(false);
  const [joined, setJoined] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const earlier = useEarlier(panel);
  const byId = useMemo(() => new Map([...earlier.sessions, ...panel.sessions].map((session) => [session.id, session])), [earlier.sessions, panel.sessions]);
  const mayCreate = mayCreateHere(panel);

  const list = useKeepFocus<HTMLUListElement>();
  const { isAway, putAway, takeOut } = usePutAway();
  const all = [...order, ...earlier.sessions.map(({ id }) => id).filter((id) => !order.includes(id))];
  const shown = all.filter((id) => byId.get(id)?.state !== 'failed' || !isAway(id));
  const put = (session: Session) => {
    if (!earlier.apply(session)) apply(session);
  };

  const [customer, setCustomer] = useState<SessionFor>();
  // Where focus comes from, and goes back to when the form is left.
  const from = useRef<Element | null>(null);
  const begin = useCallback((wanted?: SessionFor) => {
    from.current = wanted ? document.activeElement : null;
    setCustomer(wanted);
    setCreating(true);
  }, []);
  useEffect(() => {
    if (asked) begin(asked);
  }, [asked, begin]);

  const created = (answer: SessionCreated) => {
    setCreating(false);
    setJoined(answer.joined);
    onCreated(answer);
  };
  // Before anything may move: without focus in the panel the rows would take their places.
  const left = useRef(false);
  useLayoutEffect(() => {
    if (left.current && !creating) {
      const back = from.current instanceof HTMLElement && from.current.isConnected ? from.current : opener.current;
      back?.focus();
    }
    left.current = false;
  }, [creating]);
  const leave = () => {
    left.current = true;
    setCreating(false);
  };

  return (
    <Section
      title={words.say('panel.sessions')}
      action={
        ((mayCreate && !creating) || refresh) && (
          <>
            {mayCreate && !creating && (
              <Button ref={opener} spacing="compact" onClick={() => begin()}>
                {words.say('create.session')}
              </Button>
            )}
            {refresh}
          </>
        )
      }
    >
      {creating && (
        <Suspense fallback={<Loading />}>
          <CreateSession panel={panel} asked={customer} onCreated={created} onCancel={leave} />
        </Suspense>
      )}
      {joined && <Message kind="information">{words.say('session.joined')}</Message>}
      {panel.sessions.length === 0 && !creating && <p className="quiet">{words.say('panel.no_sessions')}</p>}
      <ul className="sessions" ref={list} tabIndex={-1}>
        {shown.map((id) => {
          const session = byId.get(id);
          return (
            session && (
              <SessionRow
                key={id}
                session={session}
                viewer={panel.viewer}
                issueKey={panel.issue.key}
                now={now}
                fresh={mine.has(id)}
                usualValidity={panel.defaults.validityMinutes}
                codeOf={(other) => byId.get(other)?.code}
                apply={put}
                onReplaced={created}
                onPutAway={putAway}
              />
            )
          );
        })}
      </ul>
      {earlier.failure && <Problem failure={earlier.failure} />}
      {earlier.more > 0 && (
        <Button
          appearance="subtle"
          spacing="compact"
          isLoading={earlier.loading}
          onClick={() => {
            earlier.load();
            list.current?.focus({ preventScroll: true });
          }}
        >
          {words.count('panel.earlier', earlier.more)}
        </Button>
      )}
      {shown.length < all.length && (
        <Button
          appearance="subtle"
          spacing="compact"
          onClick={() => {
            takeOut();
            list.current?.focus({ preventScroll: true });
          }}
        >
          {words.count('panel.put_away', all.length - shown.length)}
        </Button>
      )}
    </Section>
  );
}
