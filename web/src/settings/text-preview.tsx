/* The comment as it will look, with example values. */
import type { Language } from '../api/types';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { useWords } from '../ui/words';
import { AdfDocument } from './adf';
import type { Preview } from './use-preview';

export function TextPreview({ language, preview }: { language: Language; preview: Preview }) {
  const words = useWords();
  return (
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
  );
}
