import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { loadWords, WordsProvider } from '../ui/words';

/** Shows a page as its reader sees it: words of `locale`, times of Paris. */
export async function show(page: ReactElement, locale = 'en-US') {
  const words = await loadWords(locale, 'Europe/Paris');
  return { words, ...render(<WordsProvider words={words}>{page}</WordsProvider>) };
}
