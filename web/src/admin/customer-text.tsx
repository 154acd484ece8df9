/* The text that goes to the customer, in each language, and which of them is for whoever has none of these. */
import type { Failure } from '../api/client';
import type { Language } from '../api/types';
import { kLanguages } from '../settings/draft';
import { TextEditor } from '../settings/text-editor';
import { useLanguageShown } from '../settings/use-language-shown';
import { Field, Select } from '../ui/field';
import { Tabs } from '../ui/tabs';
import { useWords } from '../ui/words';
import type { Changes, Values } from './draft';

interface CustomerTextProps {
  values: Values;
  defaults: Values['customerText'];
  refused: Failure | undefined;
  change: (changes: Changes) => void;
  /** The preview found nothing wrong. */
  onSound: (language: Language, text: string) => void;
}

export function CustomerText({ values, defaults, refused, change, onSound }: CustomerTextProps) {
  const words = useWords();
  const [language, setLanguage] = useLanguageShown(values.defaultLanguage, refused);
  const set = (changed: Language, text: string) => change({ customerText: { ...values.customerText, [changed]: text } });
  return (
    <div className="stack-wide">
      <div className="narrow">
        <Field label={words.say('text.default_language')} hint={words.say('text.default_language_hint')}>
          {(ids) => (
            <Select
              ids={ids}
              value={values.defaultLanguage}
              choices={kLanguages.map((value) => ({ value, label: words.say(`language.${value}`) }))}
              onChange={(defaultLanguage) => change({ defaultLanguage })}
            />
          )}
        </Field>
      </div>
      <Tabs
        label={words.say('text.language')}
        selected={language}
        onSelect={setLanguage}
        tabs={kLanguages.map((key) => ({
          key,
          label: words.say(`language.${key}`),
          content: key === language && (
            <TextEditor language={key} text={values.customerText[key]} standard={defaults[key]} reset={words.say('text.reset')} onChange={(text) => set(key, text)} onSound={onSound} />
          ),
        }))}
      />
    </div>
  );
}
