import { useEffect, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Language, PreviewAnswer } from '../api/types';

const kQuietMs = 400;

export interface Preview {
  /** The text that `answer` is about; problems are only shown while it is still the text in the field. */
  text: string | undefined;
  answer: PreviewAnswer | undefined;
  failure: Failure | undefined;
  /** Another try is under way. */
  retrying: boolean;
  retry: () => void;
}

/** Asks for the preview when typing has paused. An answer about an older text is dropped. */
export function usePreview(text: string, language: Language): Preview {
  const [state, setState] = useState<{ text?: string; answer?: PreviewAnswer; failure?: Failure }>({});
  const [turn, setTurn] = useState(0);
  const [retrying, setRetrying] = useState(false);
  useEffect(() => {
    let current = true;
    const timer = window.setTimeout(async () => {
      const answer = await api.previewText(text, language);
      if (!current) return;
      setRetrying(false);
      setState((old) => (answer.ok ? { text, answer: answer.value } : { ...old, failure: answer.failure }));
    }, kQuietMs);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [text, language, turn]);
  const retry = () => {
    setRetrying(true);
    setTurn((count) => count + 1);
  };
  return { text: state.text, answer: state.answer, failure: state.failure, retrying, retry };
}
