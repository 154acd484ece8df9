/*
 * The text that goes to the customer: editor left, the comment as it will look right, the variables as buttons that insert
 * themselves.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useRef, useState } from 'react';
import type { Failure } from '../api/client';
import type { Language, TextProblem } from '../api/types';
import { Field, Select } from '../ui/field';
import { useNews } from '../ui/live';
import { Loading } from '../ui/loading';
import { Message } from '../ui/message';
import { Problem } from '../ui/problem';
import { Tabs } from '../ui/tabs';
import { typeIn } from '../ui/typed-in';
import { useWords } from '../ui/words';
import { AdfDocument } from './adf';
import { kLanguages, type Changes, type Values } from './draft';
import { Editor } from './editor';
import { unitRange } from './places';
import { usePreview } from './use-preview';

const kMost = 4000;
const kVariables = [
  'session.link',
  'session.code',
  'session.validUntil',
  'agent.name',
  'customer.name',
  'issue.key',
  'issue.summary',
  'site.name',
] as const;

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
  const [language, setLanguage] = useState<Language>(values.defaultLanguage);
  const refusedLanguage = refused?.code === 'customer_text_invalid' ? refused.detail?.language : undefined;
  const [shownRefusal, setShownRefusal] = useState<Failure>();
  if (refusedLanguage && refused !== shownRefusal) {
    setShownRefusal(refused);
    setLanguage(refusedLanguage);
  }
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
            <OneText language={key} text={values.customerText[key]} standard={defaults[key]} onChange={(text) => set(key, text)} onSound={onSound} />
          ),
        }))}
      />
    </div>
  );
}

interface OneTextProps {
  language: Language;
  text: string;
  standard: string;
  onChange: (text: string) => void;
  onSound: CustomerTextProps['onSound'];
}

function OneText({ language, text, standard, onChange, onSound }: OneTextProps) {
  const words = useWords();
  const field = useRef<HTMLTextAreaElement>(null);
  const preview = usePreview(text, language);
  const problems = preview.text === text ? (preview.answer?.problems ?? []) : [];
  const count = [...text].length;
  const wordsFor = (problem: TextProblem): string => words.say(`text.problem.${problem.code}`, { name: problem.name ?? '', limit: kMost });
  useNews(preview.failure ? words.failure(preview.failure) : problems.map(wordsFor).join(' '));

  const sound = preview.text === text && preview.answer?.problems.length === 0;
  useEffect(() => {
    if (sound) onSound(language, text);
  }, [sound, language, text, onSound]);

  const insert = (variable: string) => {
    const area = field.current;
    if (area) typeIn(area, `{{${variable}}}`, { start: area.selectionStart, end: area.selectionEnd });
  };
  const reset = () => {
    const area = field.current;
    if (area) typeIn(area, standard, { start: 0, end: area.value.length });
  };
  const showPlace = (problem: TextProblem) => {
    const { start, end } = unitRange(text, problem);
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };

  return (
    <div className="text-tab">
      <div className="stack">
        <div className="stack" role="group" aria-label={words.say('text.variables')}>
          <h2 className="subheading">{words.say('text.variables')}</h2>
          <div className="chips">
            {kVariables.map((variable) => (
              <button key={variable} type="button" className="chip" title={`{{${variable}}}`} onClick={() => insert(variable)}>
                {words.say(`variable.${variable}`)}
              </button>
            ))}
          </div>
        </div>
        <Field label={words.say('text.editor')} hint={words.say('text.editor_hint')}>
          {(ids) => (
            <Editor
              {...ids}
              ref={field}
              lang={language}
              rows={14}
              value={text}
              problems={problems}
              aria-invalid={problems.length > 0 ? true : undefined}
              onChange={(event) => onChange(event.target.value)}
            />
          )}
        </Field>
        <p className={count > kMost ? 'field-problem' : 'quiet'}>{words.say('text.count', { count, limit: kMost })}</p>
        {problems.length > 0 && (
          <Message kind="error" title={words.say('text.problems')}>
            <ul className="stack">
              {problems.map((problem) => (
                <li key={`${problem.code}-${problem.offset}`} className="text-problem">
                  <span>{wordsFor(problem)}</span>
                  {problem.length > 0 && (
                    <Button spacing="compact" onClick={() => showPlace(problem)}>
                      {words.say('text.show_place')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Message>
        )}
        <div className="actions">
          <Button isDisabled={text === standard} onClick={reset}>
            {words.say('text.reset')}
          </Button>
        </div>
      </div>
      <section className="stack" aria-label={words.say('text.preview')}>
        <h2 className="subheading">{words.say('text.preview')}</h2>
        <p className="quiet">{words.say('text.preview_hint')}</p>
        {preview.failure && <Problem failure={preview.failure} arrived onRetry={preview.retry} retrying={preview.retrying} />}
        {preview.answer ? (
          <div className="card" lang={language}>
            <AdfDocument document={preview.answer.document} />
          </div>
        ) : (
          !preview.failure && <Loading />
        )}
      </section>
    </div>
  );
}
