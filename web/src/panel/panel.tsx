/*
 * The panel on the ticket (jira:issueContext): who is there, which sessions there are, and what can be done now.
 */
import Button, { IconButton } from '@atlaskit/button/new';
import RefreshIcon from '@atlaskit/icon/core/refresh';
import type { Result } from '../api/client';
import type { Missing, Panel, PanelAnswer } from '../api/types';
import { LiveRegion } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { openPersonalPage } from '../ui/personal-page';
import { Problem } from '../ui/problem';
import { useWords, type Key } from '../ui/words';
import { useArrangement, useHolding } from './arrangement';
import { People } from './people';
import { Section } from './section';
import { Sessions } from './sessions';
import { useChanges } from './use-changes';
import { useNow } from './use-now';
import { usePanel, type PanelState } from './use-panel';
import './panel.css';

export function PanelPage({ first }: { first: Promise<Result<PanelAnswer>> }) {
  const words = useWords();
  return (
    <LiveRegion>
      <main>
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
  const { panel, failure, refresh } = state;
  if (!panel) return failure ? <Problem failure={failure} onRetry={refresh} /> : <Loading />;
  if (!panel.viewer.mayAct) {
    return <Message kind="information">{words.say(`forbidden.${panel.viewer.reason ?? 'not_agent'}`)}</Message>;
  }
  return <Ready panel={panel} state={state} />;
}

function Ready({ panel, state }: { panel: Panel; state: PanelState }) {
  const now = useNow(state.clockOffset);
  const hold = useHolding();
  const arrangement = useArrangement(panel.sessions, hold.holding);
  useChanges(panel.sessions);

  const sections = [
    <PeopleOrWhyNot key="people" panel={panel} />,
    <Sessions key="sessions" panel={panel} order={arrangement.order} now={now} apply={state.apply} onMenu={hold.onMenu} />,
  ];
  return (
    <div className="panel" onPointerOver={hold.onPointerOver} onPointerLeave={hold.onPointerLeave}>
      {arrangement.sessionsFirst ? sections.reverse() : sections}
      <Footer state={state} missing={panel.missing} />
    </div>
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

function Footer({ state, missing }: { state: PanelState; missing: Missing[] }) {
  const words = useWords();
  const { failure, receivedAt, refresh } = state;
  const about = ({ what, asOf }: Missing): string =>
    asOf ? words.say(`panel.missing.${what}`, { time: words.clock(asOf) }) : words.say(`panel.missing.${what}.unknown` as Key);
  return (
    <footer className="footer">
      {missing.map((entry) => (
        <p key={entry.what} className="footer-line">
          {words.failure({ code: entry.why })} {about(entry)}
        </p>
      ))}
      {failure && (
        <p className="footer-line">
          {words.failure(failure)} {words.say('panel.stale', { time: words.clock(new Date(receivedAt).toISOString()) })}
        </p>
      )}
      {failure || missing.length > 0 ? (
        <Button spacing="compact" onClick={refresh}>
          {words.say('common.try_again')}
        </Button>
      ) : (
        <IconButton icon={RefreshIcon} label={words.say('panel.refresh')} appearance="subtle" spacing="compact" onClick={refresh} />
      )}
    </footer>
  );
}
