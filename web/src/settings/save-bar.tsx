/*
 * In sight while something is not saved, and says what. It stands at the end of the page, where nothing that is being typed moves when it
 * comes, and follows the reader over it.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useState } from 'react';
import { useKeepFocus } from '../ui/keep-focus';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useInSight } from '../ui/use-in-sight';
import { useLeaveQuestion } from '../ui/use-leave-question';
import { useWords } from '../ui/words';
import type { Draft } from './use-draft';

// As long as the live region keeps it; afterwards it would only be in the way.
const kNewsMs = 10_000;

interface SaveBarProps {
  settings: Pick<Draft<unknown, unknown>, 'saveFailure' | 'saving' | 'loading' | 'restore' | 'discard' | 'save' | 'reload'>;
  /** Names of what is not saved. */
  changed: string[];
  /** What is missing that only the reader can name, as a sentence; nothing is sent then. */
  lacking?: string | undefined;
  onIncomplete?: () => void;
}

export function SaveBar({ settings, changed, lacking, onIncomplete }: SaveBarProps) {
  const words = useWords();
  const announce = useAnnounce();
  const { saveFailure, saving, loading, restore } = settings;
  const [done, setDone] = useState(false);
  /** News stands over the page; what can still be undone goes to the page's end afterwards. */
  const [news, setNews] = useState(false);
  const [refused, setRefused] = useState(false);
  const dirty = changed.length > 0;
  const place = useInSight<HTMLDivElement>(dirty || news);
  const home = useKeepFocus<HTMLDivElement>();
  useLeaveQuestion(dirty);

  const undoable = restore !== undefined;
  useEffect(() => {
    if (dirty || undoable) setDone(false);
  }, [dirty, undoable]);
  useEffect(() => {
    setNews(done || undoable);
    if (!done && !undoable) return undefined;
    const timer = window.setTimeout(() => {
      setDone(false);
      setNews(false);
    }, kNewsMs);
    return () => window.clearTimeout(timer);
  }, [done, undoable]);

  const save = async () => {
    setRefused(lacking !== undefined);
    if (lacking !== undefined) return onIncomplete?.();
    if (!(await settings.save())) return;
    setDone(true);
    announce(words.say('admin.saved'));
  };

  const theirs = saveFailure?.code === 'settings_changed' && (
    <Button spacing="compact" isLoading={loading} onClick={() => void settings.reload()}>
      {words.say('admin.load_theirs')}
    </Button>
  );
  const unsaved = dirty && (
    <div className="save-bar" role="region" aria-label={words.say('admin.save')}>
      {saveFailure && <Problem failure={saveFailure} more={theirs} />}
      {refused && lacking && (
        <Message kind="error" alert>
          {lacking}
        </Message>
      )}
      <div className="save-line">
        <p>{words.say('admin.unsaved', { what: words.list(changed) })}</p>
        <div className="actions">
          {/* Over settings that are just being replaced, it would be refused once more. */}
          <Button appearance="primary" spacing="compact" isLoading={saving} isDisabled={loading} onClick={() => void save()}>
            {words.say('admin.save')}
          </Button>
          <Button
            appearance="subtle"
            spacing="compact"
            isDisabled={saving || loading}
            onClick={() => {
              settings.discard();
              announce(words.say('admin.discarded'));
            }}
          >
            {words.say('admin.discard')}
          </Button>
        </div>
      </div>
    </div>
  );
  const discarded = restore && (
    <div className="save-bar">
      <div className="save-line">
        <p>{words.say('admin.discarded')}</p>
        <Button spacing="compact" onClick={restore}>
          {words.say('admin.undo')}
        </Button>
      </div>
    </div>
  );
  return (
    <div ref={place} className="save-place">
      <div ref={home} tabIndex={-1}>
        {unsaved || discarded || (done && <Message kind="success">{words.say('admin.saved')}</Message>)}
      </div>
    </div>
  );
}
