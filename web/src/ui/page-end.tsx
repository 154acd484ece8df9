/*
 * The end of a page that asks again by itself: what of it is not known or old says so, and one button asks now. It is the same button whatever
 * it is called, so that focus stays on it.
 */
import Button from '@atlaskit/button/new';
import RefreshIcon from '@atlaskit/icon/core/refresh';
import { useNewsOfDoubts } from './live';
import type { Polled } from './use-polled';
import { useWords } from './words';
import './page-end.css';

type Asked = Pick<Polled<unknown>, 'failure' | 'receivedAt' | 'refresh' | 'refreshing'>;

/** `doubts`: what the answer itself leaves open, a sentence each. */
export function PageEnd({ polled: { failure, receivedAt, refresh, refreshing }, doubts = [] }: { polled: Asked; doubts?: string[] }) {
  const words = useWords();
  const old = failure && `${words.failure(failure)} ${words.say('common.stale', { time: words.clock(new Date(receivedAt).toISOString()) })}`;
  const lines = old ? [...doubts, old] : doubts;
  useNewsOfDoubts(lines, refreshing);
  return (
    <footer className="page-end">
      {lines.length > 0 && (
        <div className="page-end-lines">
          {lines.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      <Button appearance={failure ? 'default' : 'subtle'} spacing="compact" iconBefore={RefreshIcon} isLoading={refreshing} onClick={refresh}>
        {words.say(failure ? 'common.try_again' : 'common.refresh')}
      </Button>
    </footer>
  );
}
