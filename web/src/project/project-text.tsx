/* What the project's customers read, in each language: the site's text, or one of the project's own. */
import { useRef } from 'react';
import type { Failure } from '../api/client';
import type { Language, ProjectSettingsAnswer } from '../api/types';
import { kLanguages } from '../settings/draft';
import { TextEditor } from '../settings/text-editor';
import { TextPreview } from '../settings/text-preview';
import { useLanguageShown } from '../settings/use-language-shown';
import { usePreview } from '../settings/use-preview';
import { Radios } from '../ui/field';
import { Tabs } from '../ui/tabs';
import { useWords } from '../ui/words';
import { withText, type Changes, type Values } from './draft';

interface ProjectTextProps {
  values: Values;
  site: ProjectSettingsAnswer['site'];
  refused: Failure | undefined;
  change: (changes: Changes) => void;
  /** The preview found nothing wrong. */
  onSound: (language: Language, text: string) => void;
}

export function ProjectText({ values, site, refused, change, onSound }: ProjectTextProps) {
  const words = useWords();
  const [language, setLanguage] = useLanguageShown(site.defaultLanguage, refused);
  return (
    <section className="stack" aria-labelledby="project-text">
      <h2 id="project-text" className="heading">
        {words.say('project.text')}
      </h2>
      <Tabs
        label={words.say('text.language')}
        selected={language}
        onSelect={setLanguage}
        tabs={kLanguages.map((key) => ({
          key,
          label: words.say(`language.${key}`),
          content: key === language && (
            <OneLanguage
              language={key}
              text={values.customerText[key]}
              ofSite={site.customerText[key]}
              onChange={(text) => change({ customerText: withText(values.customerText, key, text) })}
              onSound={onSound}
            />
          ),
        }))}
      />
    </section>
  );
}

interface OneLanguageProps {
  language: Language;
  /** Absent: the site's. */
  text: string | undefined;
  ofSite: string;
  onChange: (text: string | undefined) => void;
  onSound: ProjectTextProps['onSound'];
}

function OneLanguage({ language, text, ofSite, onChange, onSound }: OneLanguageProps) {
  const words = useWords();
  // What was written comes back when somebody looks at the site's text and returns.
  const written = useRef(text ?? ofSite);
  if (text !== undefined) written.current = text;
  return (
    <div className="stack-wide">
      <Radios
        legend={words.say('project.text.source', { language: words.say(`language.within.${language}`) })}
        value={text === undefined ? 'of_site' : 'own'}
        choices={(['of_site', 'own'] as const).map((value) => ({ value, label: words.say(`project.text.${value}`) }))}
        onChange={(source) => onChange(source === 'own' ? written.current : undefined)}
      />
      {text === undefined ? (
        <SiteText language={language} text={ofSite} />
      ) : (
        <TextEditor language={language} text={text} standard={ofSite} reset={words.say('project.text.reset')} onChange={onChange} onSound={onSound} />
      )}
    </div>
  );
}

function SiteText({ language, text }: { language: Language; text: string }) {
  const preview = usePreview(text, language);
  return (
    <div className="text-tab">
      <TextPreview language={language} preview={preview} />
    </div>
  );
}
