import ClockIcon from '@atlaskit/icon/core/clock';
import ErrorIcon from '@atlaskit/icon/core/status-error';
import SuccessIcon from '@atlaskit/icon/core/status-success';
import type { HealthLine, Installation } from '../api/types';
import { Command } from '../ui/command';
import { When } from '../ui/when';
import { useWords, type Words } from '../ui/words';
import { doctorCommand, isTrial } from './commands';

const looks = {
  ok: { Icon: SuccessIcon, label: 'setup.health_ok' },
  bad: { Icon: ErrorIcon, label: 'setup.health_bad' },
  pending: { Icon: ClockIcon, label: 'setup.health_pending' },
} as const;

type Look = keyof typeof looks;

/** What the doctor of the server’s machine has nothing to say about. */
const kNotOfTheMachine: HealthLine['check'][] = ['work', 'account_reports'];

export function Health({ lines, installation }: { lines: HealthLine[]; installation: Installation }) {
  const words = useWords();
  return (
    <section className="stack" aria-labelledby="health-title">
      <h2 id="health-title" className="heading">
        {words.say('setup.health')}
      </h2>
      <ul className="stack">
        {lines.map((line) => {
          const look = lookOf(line);
          const { Icon, label } = looks[look];
          return (
            <li key={line.check} className={`health health-${look}`}>
              <span className="health-icon">
                <Icon label={words.say(label)} color="currentColor" />
              </span>
              <span>{wordsFor(line, look, words)}</span>
            </li>
          );
        })}
      </ul>
      {lines.some(({ check, ok }) => !ok && !kNotOfTheMachine.includes(check)) && (
        <div className="stack">
          <p>{words.say('setup.doctor')}</p>
          <Command text={doctorCommand} />
          {isTrial(installation.siteUrl) && <p className="quiet">{words.say('setup.trial')}</p>}
        </div>
      )}
      {!installation.configured && (
        <div className="health-token">
          <h3 className="subheading">{words.say('setup.token')}</h3>
          <TokenAge installation={installation} />
        </div>
      )}
    </section>
  );
}

function lookOf({ ok, pending }: HealthLine): Look {
  if (!ok) return 'bad';
  return pending ? 'pending' : 'ok';
}

/** What a red line says to do depends on what went wrong: `health.<check>.<code>` where there is one, or `health.<check>.bad`. */
function wordsFor({ check, code }: HealthLine, look: Look, words: Words): string {
  const parameters = { provider: words.say('provider.teamviewer') };
  const own = look === 'bad' && code ? words.find(`health.${check}.${code}`, parameters) : undefined;
  return own ?? words.find(`health.${check}.${look}`, parameters) ?? words.say(`health.${check}.ok`, parameters);
}

function TokenAge({ installation: { appTokenReceivedAt, appTokenExpiresAt } }: { installation: Installation }) {
  const words = useWords();
  if (!appTokenReceivedAt) return <p>{words.say('setup.token_none')}</p>;
  return (
    <p>
      <When iso={appTokenReceivedAt} meaning={(time) => words.say('setup.token_age', { time })}>
        {words.say('setup.token_age', { time: words.ago(appTokenReceivedAt, Date.now()) })}
      </When>
      {appTokenExpiresAt && <>, {words.say('setup.token_expires', { time: words.exact(appTokenExpiresAt) })}</>}
    </p>
  );
}
