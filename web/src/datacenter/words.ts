/* The few words of the sign-in, in the reader's language: they stand before any page, and so do not wait for its catalogue. */
import en from 'virtual:catalogue/en';
import fr from 'virtual:catalogue/fr';

export type Say = (key: string) => string;

const kCatalogues: Record<string, Record<string, string>> = { en, fr };

export function wordsFor(locale: string): Say {
  const language = locale.toLowerCase().split(/[-_]/)[0] ?? 'en';
  const words = kCatalogues[language] ?? en;
  return (key) => words[key] ?? (en as Record<string, string>)[key] ?? key;
}
