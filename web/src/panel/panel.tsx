/*
 * The panel on the ticket (jira:issueContext): who is there, which sessions there are, and what can be done now.
 */
import Button from '@atlaskit/button/new';
import { useCallback, useState } from 'react';
import type { Result } from '../api/client';
import type { Missing, Panel, PanelAnswer, SessionCreated } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { openPersonalPage } from '../ui/personal-page';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { useArrangement } from './arrangement';
import { Footer, reasonsOf } from './footer';
import { HoldContext, useHold } from './hold';
import { People } from './people';
import { Section } from './section';
import { Sessions } from './sessions';
import { useChanges } from './use-changes';
import { useNow } from './use-now';
import { usePanel, type PanelState } from './use-panel';
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
  if (!panel) return failure ? <Problem failure={failure} onRetry={refresh} retrying={refreshing} /> : <Loading />;
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
  const now = useNow(state.clockOffset);
  const hold = useHold();
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set());
  const arrangement = useArrangement(panel.sessions, hold, mine);
  const { apply } = state;
  useChanges(panel.sessions);
  const onCreated = useCallback(
    ({ session }: SessionCreated) => {
      setMine((old) => new Set([...old, session.id]));
      apply(session);
    },
    [apply],
  );

  const people = <PeopleOrWhyNot key="people" panel={panel} />;
  const sessions = <Sessions key="sessions" panel={panel} order={arrangement.order} mine={mine} now={now} apply={apply} onCreated={onCreated} />;
  return (
    <HoldContext.Provider value={hold.change}>
      <div className="panel" ref={hold.home} {...hold.handlers}>
        {arrangement.sessionsFirst ? [sessions, people] : [people, sessions]}
        <Footer state={state} missing={panel.missing} />
      </div>
    </HoldContext.Provider>
  );
}

function PeopleOrWhyNot({ panel }: { panel: Panel }) {
  const words = useWords();
  const { viewer } = panel;
  const provider = words.say(`provider.${viewer.provider}`);
  if (!viewer.linked) {
    return (
      <Section title={words.say('panel.people')}>
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
    const reason = words.say(`licence.reason.${viewer.licence.reason ?? 'unknown'}`, { provider });
    return (
      <Section title={words.say('panel.people')}>
        <Message kind="warning">{words.say('panel.licence_not_eligible', { provider, type, reason })}</Message>
      </Section>
    );
  }
  return (
    <Section title={words.say('panel.people')}>
      <People people={panel.people} more={panel.more} />
    </Section>
  );
}
