/*
 * The sessions of the issue, and the form that makes one. A session that this agent has just made shows its steps until they
 * are read.
 */
import Button from '@atlaskit/button/new';
import { lazy, Suspense, useMemo, useRef, useState } from 'react';
import type { Panel, Session, SessionCreated } from '../api/types';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { useWords } from '../ui/words';
import { Section } from './section';
import { SessionRow } from './session-row';

const CreateSession = lazy(() => import('./create-session'));

interface SessionsProps {
  panel: Panel;
  order: string[];
  now: number;
  apply: (session: Session) => void;
  onMenu: (open: boolean) => void;
}

export function Sessions({ panel, order, now, apply, onMenu }: SessionsProps) {
  const words = useWords();
  const [creating, setCreating] = useState(false);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const [joined, setJoined] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const byId = useMemo(() => new Map(panel.sessions.map((session) => [session.id, session])), [panel.sessions]);
  const mayCreate = panel.viewer.linked && panel.viewer.licence.eligible;

  const onCreated = ({ session, joined: same }: SessionCreated) => {
    setCreating(false);
    setJoined(same);
    setFresh((old) => new Set([...old, session.id]));
    apply(session);
  };
  const leave = () => {
    setCreating(false);
    window.setTimeout(() => opener.current?.focus());
  };

  return (
    <Section
      title={words.say('panel.sessions')}
      action={
        mayCreate &&
        !creating && (
          <Button ref={opener} spacing="compact" onClick={() => setCreating(true)}>
            {words.say('create.session')}
          </Button>
        )
      }
    >
      {creating && (
        <Suspense fallback={<Loading />}>
          <CreateSession panel={panel} onCreated={onCreated} onCancel={leave} />
        </Suspense>
      )}
      {joined && <Message kind="information">{words.say('session.joined')}</Message>}
      {panel.sessions.length === 0 && !creating && <p className="quiet">{words.say('panel.no_sessions')}</p>}
      <ul className="sessions">
        {order.map((id) => {
          const session = byId.get(id);
          return (
            session && (
              <SessionRow
                key={id}
                session={session}
                viewer={panel.viewer}
                issueKey={panel.issue.key}
                now={now}
                fresh={fresh.has(id)}
                apply={apply}
                onMenu={onMenu}
              />
            )
          );
        })}
      </ul>
    </Section>
  );
}
