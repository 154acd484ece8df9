/* What is kept about people: for how long, what there is about one of them, and what Atlassian was told of it. */
import { useState } from 'react';
import type { AccountsAnswer } from '../api/types';
import { Message } from '../ui/message';
import { useWords } from '../ui/words';
import { OneAccount } from './data-account';
import { RetentionPart } from './data-retention';
import type { Settings } from './use-settings';

/** `active`: its tab is the one that is seen. */
export function DataTab({ active, settings }: { active: boolean; settings: Settings }) {
  const [listed, setListed] = useState<AccountsAnswer>();
  return (
    <div className="stack-wide">
      <RetentionPart active={active} settings={settings} />
      <OneAccount active={active} onListed={setListed} />
      {listed && <Reported listed={listed} />}
    </div>
  );
}

function Reported({ listed: { reportedAt, notReported } }: { listed: AccountsAnswer }) {
  const words = useWords();
  return (
    <section className="stack" aria-labelledby="reported-title">
      <h2 id="reported-title" className="heading">
        {words.say('data.reported')}
      </h2>
      <p className="quiet">{words.say('data.reported_hint')}</p>
      {notReported && <Message kind="warning">{words.say('health.account_reports.bad')}</Message>}
      <p>{reportedAt ? words.say('data.reported_at', { time: words.exact(reportedAt) }) : words.say('data.reported_never')}</p>
    </section>
  );
}
