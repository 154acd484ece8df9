/*
 * Stands under the tabs while something is not saved, and says what. Not at the page's end: the page is as high as its content, so an
 * end is out of sight when the content is long. Beside fields its place is kept free, so that nothing moves under what is being typed.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useState } from 'react';
import { useAnnounce } from '../ui/live';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { useWords, type Words } from '../ui/words';
import { changedFields, lacksLicenceTypes, valuesOf, type ChangedField } from './draft';
import type { Settings } from './use-settings';

function nameOf(changed: ChangedField, words: Words): string {
  if (changed.field === 'customer_text') return words.say('admin.field.customer_text', { language: words.say(`language.within.${changed.language}`) });
  return words.say(`admin.field.${changed.field}`, { provider: words.say('provider.teamviewer') });
}

interface SaveBarProps {
  settings: Settings;
  keepPlace: boolean;
  /** Something is missing that only the admin can name. */
  onIncomplete: () => void;
}

export function SaveBar({ settings, keepPlace, onIncomplete }: SaveBarProps) {
  const words = useWords();
  const announce = useAnnounce();
  const { saved, values, saveFailure, saving } = settings;
  const [done, setDone] = useState(false);
  const [refused, setRefused] = useState(false);
  const changed = saved && values ? changedFields(valuesOf(saved), values) : [];
  const dirty = changed.length > 0;

  useEffect(() => {
    if (dirty) setDone(false);
  }, [dirty]);

  const lacking = values !== undefined && lacksLicenceTypes(values);
  const save = async () => {
    setRefused(lacking);
    if (lacking) return onIncomplete();
    if (!(await settings.save())) return;
    setDone(true);
    announce(words.say('admin.saved'));
  };

  const place = keepPlace ? 'save-place save-place-kept' : 'save-place';
  if (!dirty) return <div className={place}>{done && <Message kind="success">{words.say('admin.saved')}</Message>}</div>;
  const theirs = saveFailure?.code === 'settings_changed' && (
    <Button spacing="compact" onClick={() => void settings.reload()}>
      {words.say('admin.load_theirs')}
    </Button>
  );
  return (
    <div className={place}>
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
            <Button appearance="subtle" spacing="compact" isDisabled={saving} onClick={settings.discard}>
              {words.say('admin.discard')}
            </Button>
          </div>
        </div>
      </div>
    </div>
  );
}
