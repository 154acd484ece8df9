/* Which language's text is on screen: the one that was chosen, and the one in which a mistake was found when saving, once. */
import { useState } from 'react';
import type { Failure } from '../api/client';
import type { Language } from '../api/types';

export function useLanguageShown(first: Language, refused: Failure | undefined): [Language, (language: Language) => void] {
  const [language, setLanguage] = useState(first);
  const [shown, setShown] = useState<Failure>();
  const ofMistake = refused?.code === 'customer_text_invalid' ? refused.detail?.language : undefined;
  if (ofMistake && refused !== shown) {
    setShown(refused);
    setLanguage(ofMistake);
  }
  return [language, setLanguage];
}
