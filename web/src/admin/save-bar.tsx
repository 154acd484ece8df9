/*
 * In sight while something is not saved, and says what. It stands at the end of the page, where nothing that is being typed moves when it
 * comes, and follows the reader over it.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useState } from 'react';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useInSight } from '../ui/use-in-sight';
import { useLeaveQuestion } from '../ui/use-leave-question';
import { useWords, type Words } from '../ui/words';
import { changedFields, lacksLicenceTypes, valuesOf, type ChangedField } from './draft';
import type { Settings } from './use-settings';

function nameOf(changed: ChangedField, words: Words): string {
  if (changed.field === 'customer_text') return words.say('admin.field.customer_text', { language: words.say(`language.within.${changed.language}`) });
  return words.say(`admin.field.${changed.field}`, { provider: words.say('provider.teamviewer') });
}

// As long as the live region keeps it; afterwards it would only be in the way.
const kNewsMs = 10_000;

interface SaveBarProps {
  settings: Settings;
  /** Something is missing that only the admin can name. */
  onIncomplete: () => void;
}

export function SaveBar({ settings, onIncomplete }: SaveBarProps) {
  const words = useWords();
  const announce = useAnnounce();
  const { saved, values, saveFailure, saving, restore } = settings;
  const [done, setDone] = useState(false);
  /** News stands over the page; what can still be undone goes to the page's end afterwards. */
  const [news, setNews] = useState(false);
  const [refused, setRefused] = useState(false);
  const changed = saved && values ? changedFields(valuesOf(saved), values) : [];
  const dirty = changed.length > 0;
  const place = useInSight<HTMLDivElement>(dirty || news);
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

  const lacking = values !== undefined && lacksLicenceTypes(values);
  const save = async () => {
    setRefused(lacking);
    if (lacking) return onIncomplete();
    if (!(await settings.save())) return;
    setDone(true);
    announce(words.say('admin.saved'));
  };

  const theirs = saveFailure?.code === 'settings_changed' && (
    <Button spacing="compact" onClick={() => void settings.reload()}>
      {words.say('admin.load_theirs')}
    </Button>
  );
  const unsaved = dirty && (
    <div className="save-bar" role="region" aria-label={words.say('admin.save')}>
      {saveFailure && <Problem failure={saveFailure} more={theirs} />}
      {refused && lacking && (
        <Message kind="error" alert>
          {words.say('admin.licence_types_missing', { choice: words.say('people.licences.listed'), other: words.say('people.licences.any_paid') })}
        </Message>
      )}
      <div className="save-line">
        <p>{words.say('admin.unsaved', { what: words.list(changed.map((entry) => nameOf(entry, words))) })}</p>
        <div className="actions">
          <Button appearance="primary" spacing="compact" isLoading={saving} onClick={() => void save()}>
            {words.say('admin.save')}
          </Button>
          <Button
            appearance="subtle"
            spacing="compact"
            isDisabled={saving}
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
      {unsaved || discarded || (done && <Message kind="success">{words.say('admin.saved')}</Message>)}
    </div>
  );
}
