/*
 * The panel on the ticket (jira:issueContext): who is there, which sessions there are, and what can be done now.
 */
import Button from '@atlaskit/button/new';
import { useCallback, useRef, useState, type ReactNode } from 'react';
import type { Result } from '../api/client';
import type { Missing, Panel, PanelAnswer, SessionCreated } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { LicenceFigures } from '../ui/licence-figures';
import { licenceReason } from '../ui/licence-words';
import { LiveRegion, useNews } from '../ui/live';
import { LookAgain } from '../ui/look-again';
import { Message } from '../ui/message';
import { openPersonalPage } from '../ui/personal-page';
import { useWords } from '../ui/words';
import { AskedForHelp, askedWords } from './asked-for-help';
import { useArrangement } from './arrangement';
import { Footer, reasonsOf } from './footer';
import { HoldContext, useHold } from './hold';
import { People } from './people';
import { Refresh } from './refresh';
import { Section } from './section';
import { Sessions, type SessionFor } from './sessions';
import { Shut } from './shut';
import { useChanges, usePeopleChanges } from './use-changes';
import { useNow } from '../ui/use-now';
import { useAge } from './use-age';
import { usePanel, type PanelState } from './use-panel';
import { Waiting } from './waiting';
import './panel.css';

export function PanelPage({ first }: { first: Promise<Result<PanelAnswer>> }) {
  const words = useWords();
  const home = useKeepFocus<HTMLElement>();
  return (
    <LiveRegion>
      <main ref={home} tabIndex={-1}>
        {/* Jira draws the panel's title outside of the frame; inside it is there to be heard. */}
        <h1 className="visually-hidden">{words.say('panel.title')}</h1>
        <PanelOrState first={first} />
      </main>
    </LiveRegion>
  );
}

function PanelOrState({ first }: { first: Promise<Result<PanelAnswer>> }) {
  const words = useWords();
  const state = usePanel(first);
  const { panel, failure, refresh, refreshing } = state;
  const shown = useRef(false);
  shown.current ||= panel !== undefined;
  if (!panel) return failure ? <Shut failure={failure} onRetry={refresh} retrying={refreshing} arrived={shown.current} /> : <Waiting />;
  if (panel.viewer.mayAct) return <Ready panel={panel} state={state} />;
  if (panel.viewer.reason) return <Message kind="information">{words.say(`forbidden.${panel.viewer.reason}`)}</Message>;
  return <RightsUnknown missing={panel.missing} state={state} />;
}

/** Jira did not say what the reader may do: that is no refusal, and it ends by itself. */
function RightsUnknown({ missing, state }: { missing: Missing[]; state: PanelState }) {
  const words = useWords();
  return (
    <Message
      kind="warning"
      actions={
        <Button spacing="compact" isLoading={state.refreshing} onClick={state.refresh}>
          {words.say('common.try_again')}
        </Button>
      }
    >
      {[...reasonsOf(missing, words), words.say('panel.rights_unknown')].join(' ')}
    </Message>
  );
}

function Ready({ panel, state }: { panel: Panel; state: PanelState }) {
  const words = useWords();
  const now = useNow(state.clockOffset);
  const saidAgo = useAge(state.receivedAt);
  const hold = useHold();
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set());
  const arrangement = useArrangement(panel, hold, mine);
  const [asked, setAsked] = useState<SessionFor>();
  const { apply, applyPerson } = state;
  const { askedForHelp } = panel;
  useChanges(panel.sessions);
  usePeopleChanges(panel.people, words.say(`provider.${panel.viewer.provider}`));
  useNews(askedForHelp ? askedWords(words, askedForHelp) : '');
  const onCreated = useCallback(
    ({ session }: SessionCreated) => {
      setMine((old) => new Set([...old, session.id]));
      apply(session);
    },
    [apply],
  );

  const onCreateSession = useCallback((person: string) => setAsked((old) => ({ person, turn: (old?.turn ?? 0) + 1 })), []);

  const refresher = useRef<HTMLButtonElement>(null);
  const refresh = <Refresh ref={refresher} state={state} />;
  const people = (
    <PeopleOrWhyNot key="people" panel={panel} onLooked={() => void state.refresh()} action={arrangement.sessionsFirst && !panel.projectOff ? undefined : refresh}>
      <People panel={panel} order={arrangement.people} now={now} saidAgo={saidAgo} apply={applyPerson} onCreateSession={onCreateSession} />
    </PeopleOrWhyNot>
  );
  const sessions = <Sessions key="sessions" panel={panel} order={arrangement.sessions} mine={mine} now={now} asked={asked} apply={apply} onCreated={onCreated} refresh={arrangement.sessionsFirst && !panel.projectOff ? refresh : undefined} />;
  return (
    <HoldContext.Provider value={hold}>
      <div className="panel" ref={hold.home} {...hold.handlers}>
        {askedForHelp && arrangement.asked && (
          <AskedForHelp key={askedForHelp.id} asked={askedForHelp} panel={panel} now={now} onCreateSession={onCreateSession} onDismissed={state.applyDismissed} />
        )}
        {panel.projectOff ? [people, panel.sessions.length > 0 && sessions] : arrangement.sessionsFirst ? [sessions, people] : [people, sessions]}
        <Footer state={state} panel={panel} refresher={refresher} />
      </div>
    </HoldContext.Provider>
  );
}

interface PeopleOrWhyNotProps {
  panel: Panel;
  action: ReactNode;
  children: ReactNode;
  onLooked: () => void;
}

function PeopleOrWhyNot({ panel, action, children, onLooked }: PeopleOrWhyNotProps) {
  const words = useWords();
  const { viewer } = panel;
  const provider = words.say(`provider.${viewer.provider}`);
  if (panel.projectOff) {
    return (
      <Section title={words.say('panel.people')} action={action}>
        <Message kind="information">{words.say(panel.sessions.some(({ actions }) => actions.length > 0) ? 'panel.project_off.open' : 'panel.project_off')}</Message>
      </Section>
    );
  }
  if (!viewer.linked) {
    return (
      <Section title={words.say('panel.people')} action={action}>
        <Message
          kind="information"
          actions={
            <Button appearance="primary" spacing="compact" onClick={() => void openPersonalPage()}>
              {words.say('panel.connect')}
            </Button>
          }
        >
          {words.say(viewer.linkExpired ? 'panel.connect_account_again' : 'panel.connect_account', { provider })}
        </Message>
      </Section>
    );
  }
  if (!viewer.licence.eligible) {
    const type = viewer.licence.type ?? words.say('licence.unnamed');
    const reason = licenceReason(words, viewer.licence, provider);
    return (
      <Section title={words.say('panel.people')} action={action}>
        <Message kind="warning">
          <div className="stack">
            <div>
              {words.say('panel.licence_not_eligible', { provider, type, reason })}
              <LicenceFigures licence={viewer.licence} account={viewer.account?.name} />
            </div>
            <LookAgain onAnswer={onLooked} />
          </div>
        </Message>
      </Section>
    );
  }
  return <Section title={words.say('panel.people')} action={action}>{children}</Section>;
}
