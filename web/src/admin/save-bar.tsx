/* Stays in sight while something is not saved, and says what. */
import Button from '@atlaskit/button/new';
import { useEffect, useState } from 'react';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords, type Words } from '../ui/words';
import { changedFields, valuesOf, type ChangedField } from './draft';
import type { Settings } from './use-settings';

function nameOf(changed: ChangedField, words: Words): string {
  if (changed.field === 'customer_text') return words.say('admin.field.customer_text', { language: words.say(`language.${changed.language}`) });
  return words.say(`admin.field.${changed.field}`, { provider: words.say('provider.teamviewer') });
}

export function SaveBar({ settings }: { settings: Settings }) {
  const words = useWords();
  const announce = useAnnounce();
  const { saved, values, saveFailure, saving } = settings;
  const [done, setDone] = useState(false);
  const changed = saved && values ? changedFields(valuesOf(saved), values) : [];
  const dirty = changed.length > 0;

  useEffect(() => {
    if (dirty) setDone(false);
  }, [dirty]);

  const save = async () => {
    if (!(await settings.save())) return;
    setDone(true);
    announce(words.say('admin.saved'));
  };

  if (!dirty) return done ? <div className="save-bar"><Message kind="success">{words.say('admin.saved')}</Message></div> : null;
  const list = new Intl.ListFormat(words.locale, { type: 'conjunction' }).format(changed.map((entry) => nameOf(entry, words)));
  const theirs = saveFailure?.code === 'settings_changed' && (
    <Button spacing="compact" onClick={() => void settings.reload()}>
      {words.say('admin.load_theirs')}
    </Button>
  );
  return (
    <div className="save-bar" role="region" aria-label={words.say('admin.save')}>
      {saveFailure && <Problem failure={saveFailure} more={theirs} />}
      <p>{words.say('admin.unsaved', { what: list })}</p>
      <div className="actions">
        <Button appearance="primary" isLoading={saving} onClick={() => void save()}>
          {words.say('admin.save')}
        </Button>
        <Button appearance="subtle" isDisabled={saving} onClick={settings.discard}>
          {words.say('admin.discard')}
        </Button>
      </div>
    </div>
  );
}
