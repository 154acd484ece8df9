/* What Belay could not do outside and has set aside: what, about what, since when, why, and another try. */
import Button from '@atlaskit/button/new';
import { useCallback, useEffect, useState } from 'react';
import { api, type Failure, type Result } from '../api/client';
import type { WorkAnswer, WorkItem } from '../api/types';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { When } from '../ui/when';
import { useWords } from '../ui/words';
import { About, Account } from './audit';
import { workWords } from './audit-words';

/** `onRetried`: health may have become better. */
export function SetAside({ onRetried }: { onRetried: () => void }) {
  const words = useWords();
  const [known, setKnown] = useState<WorkAnswer>();
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const [retried, setRetried] = useState(false);
  const home = useKeepFocus<HTMLElement>();
  const take = useCallback((answer: Result<WorkAnswer>) => {
    setFailure(answer.ok ? undefined : answer.failure);
    if (answer.ok) setKnown(answer.value);
  }, []);
  const load = useCallback(async () => {
    setLoading(true);
    take(await api.getWork());
    setLoading(false);
  }, [take]);
  useEffect(() => void load(), [load]);
  return (
    <section className="stack" aria-labelledby="work-title" ref={home} tabIndex={-1}>
      <h2 id="work-title" className="heading">
        {words.say('work.title')}
      </h2>
      <p className="quiet">{words.say('work.hint')}</p>
      {retried && <Message kind="success">{words.say('work.retried')}</Message>}
      {failure && <Problem failure={failure} onRetry={() => void load()} retrying={loading} />}
      {!known && !failure && <Loading />}
      {known?.work.length === 0 && <p>{words.say('work.nothing')}</p>}
      {known && known.work.length > 0 && (
        <ul className="work">
          {known.work.map((item) => (
            <Item
              key={item.id}
              item={item}
              onWork={(work) => {
                setKnown(work);
                setRetried(true);
                onRetried();
              }}
            />
          ))}
        </ul>
      )}
      {known?.more && <p className="quiet">{words.say('work.more')}</p>}
      {known && (
        <div className="actions">
          <Button appearance="subtle" spacing="compact" isLoading={loading} onClick={() => void load()}>
            {words.say('common.refresh')}
          </Button>
        </div>
      )}
    </section>
  );
}

function Item({ item, onWork }: { item: WorkItem; onWork: (work: WorkAnswer) => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const what = workWords(words, item.kind);
  const retry = async () => {
    setBusy(true);
    setFailure(undefined);
    const answer = await api.retryWork(item.id);
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    announce(words.say('work.retried'));
    onWork(answer.value);
  };
  const since = { time: words.ago(item.setAsideAt, Date.now()) };
  return (
    <li className="work-item">
      <div className="work-what">
        <h3 className="work-name">{what}</h3>
        <div>
          <About {...(item.issue && { issue: item.issue })} {...(item.session && { session: item.session })} {...(item.person && { person: item.person })} />
          {item.agent && <InAccount agent={item.agent} />}
        </div>
        {item.error && <p>{words.reason(item.error)}</p>}
        <p className="quiet">
          <When iso={item.setAsideAt} meaning={(time) => words.count('work.since', item.tries, { time })}>
            {words.count('work.since', item.tries, since)}
          </When>
        </p>
        {failure && <Problem failure={failure} />}
      </div>
      <Button spacing="compact" aria-label={words.say('work.retry_of', { what })} isLoading={busy} onClick={() => void retry()}>
        {words.say('common.try_again')}
      </Button>
    </li>
  );
}

/** The name stands in the middle of a sentence, which each language begins and ends in its own way. */
function InAccount({ agent }: { agent: NonNullable<WorkItem['agent']> }) {
  const words = useWords();
  const [before = '', after = ''] = words.say('work.agent', { provider: words.say('provider.teamviewer') }).split('{name}');
  return (
    <div>
      {before}
      <Account account={agent} />
      {after}
    </div>
  );
}
