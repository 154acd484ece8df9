import ErrorIcon from '@atlaskit/icon/core/status-error';
import SuccessIcon from '@atlaskit/icon/core/status-success';
import type { ErrorAnswer, HealthLine, Installation } from '../api/types';
import { When } from '../ui/when';
import { useWords } from '../ui/words';

export function Health({ lines, installation }: { lines: HealthLine[]; installation: Installation }) {
  const words = useWords();
  const provider = words.say('provider.teamviewer');
  return (
    <section className="stack" aria-labelledby="health-title">
      <h2 id="health-title" className="heading">
        {words.say('setup.health')}
      </h2>
      <ul className="stack">
        {lines.map(({ check, ok, code, detail }) => (
          <li key={check} className={ok ? 'health health-ok' : 'health health-bad'}>
            {ok ? (
              <SuccessIcon label={words.say('setup.health_ok')} color="currentColor" />
            ) : (
              <ErrorIcon label={words.say('setup.health_bad')} color="currentColor" />
            )}
            <span>
              {words.say(`health.${check}.${ok ? 'ok' : 'bad'}`, { provider })}
              {!ok && code && <> {words.failure({ code, detail: detail as ErrorAnswer['detail'] })}</>}
            </span>
          </li>
        ))}
      </ul>
      <h3 className="subheading">{words.say('setup.token')}</h3>
      <TokenAge installation={installation} />
    </section>
  );
}

function TokenAge({ installation: { appTokenReceivedAt, appTokenExpiresAt } }: { installation: Installation }) {
  const words = useWords();
  if (!appTokenReceivedAt) return <p>{words.say('setup.token_none')}</p>;
  const age = words.say('setup.token_age', { time: words.ago(appTokenReceivedAt, Date.now()) });
  return (
    <p>
      <When iso={appTokenReceivedAt}>{age}</When>
      {appTokenExpiresAt && <>, {words.say('setup.token_expires', { time: words.exact(appTokenExpiresAt) })}</>}
    </p>
  );
}
