/*
 * One text that goes to the customer: editor left, the comment as it will look right, the variables as buttons that insert
 * themselves.
 */
import Button from '@atlaskit/button/new';
import { useEffect, useRef } from 'react';
import type { Language, TextProblem } from '../api/types';
import { Field } from '../ui/field';
import { useNews } from '../ui/live';
import { Message } from '../ui/message';
import { typeIn } from '../ui/typed-in';
import { useWords } from '../ui/words';
import { Editor } from './editor';
import { unitRange } from './places';
import { TextPreview } from './text-preview';
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

interface TextEditorProps {
  language: Language;
  text: string;
  /** What `reset` brings back. */
  standard: string;
  /** The words on the button. */
  reset: string;
  onChange: (text: string) => void;
  /** The preview found nothing wrong. */
  onSound: (language: Language, text: string) => void;
}

export function TextEditor({ language, text, standard, reset: resetWords, onChange, onSound }: TextEditorProps) {
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
        {sound && !text.includes('{{session.validUntil}}') && <p className="quiet">{words.say('text.no_end')}</p>}
        <div className="actions">
          <Button isDisabled={text === standard} onClick={reset}>
            {resetWords}
          </Button>
        </div>
      </div>
      <TextPreview language={language} preview={preview} />
    </div>
  );
}
