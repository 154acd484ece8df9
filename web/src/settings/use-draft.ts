import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure, Result } from '../api/client';
import type { Language } from '../api/types';
import { isMended, stillChanged, type CommonValues } from './draft';

/** Where settings come from and go to. The same object at every drawing of a page. */
export interface Source<Answer extends { version: number }, Values extends CommonValues> {
  load: () => Promise<Result<Answer>>;
  store: (version: number, values: Values) => Promise<Result<Answer>>;
  valuesOf: (answer: Answer) => Values;
}

export interface Draft<Answer, Values> {
  /** What the server last said; absent while loading and when it refused. */
  saved: Answer | undefined;
  values: Values | undefined;
  failure: Failure | undefined;
  saveFailure: Failure | undefined;
  saving: boolean;
  /** The server was asked for them, and has not answered. */
  loading: boolean;
  change: (changes: Partial<Values>) => void;
  /** Gives up what is not saved. Until the next change, or `forget`, `restore` brings it back. */
  discard: () => void;
  forget: () => void;
  /** Absent: nothing was discarded. */
  restore: (() => void) | undefined;
  /** The server finds nothing wrong with this text. */
  textIsSound: (language: Language, text: string) => void;
  save: () => Promise<boolean>;
  reload: () => Promise<void>;
  /** Another server: what the last one said is forgotten. */
  startAnew: () => Promise<void>;
}

export function useDraft<Answer extends { version: number }, Values extends CommonValues>({ load, store, valuesOf }: Source<Answer, Values>): Draft<Answer, Values> {
  const [saved, setSaved] = useState<Answer>();
  const [changes, setChanges] = useState<Partial<Values>>({});
  const [failure, setFailure] = useState<Failure>();
  const [refusal, setRefusal] = useState<{ failure: Failure; values: Values }>();
  const [discarded, setDiscarded] = useState<Partial<Values>>();
  const [saving, setSaving] = useState(false);
  const [loading, setLoading] = useState(true);
  const turn = useRef(0);

  const take = useCallback(
    (settings: Answer) => {
      setSaved(settings);
      setChanges((old) => stillChanged(valuesOf(settings), old));
      setFailure(undefined);
      setRefusal(undefined);
    },
    [valuesOf],
  );

  const reload = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setLoading(true);
    const answer = await load();
    if (mine !== turn.current) return;
    setLoading(false);
    if (answer.ok) return take(answer.value);
    setSaved(undefined);
    setFailure(answer.failure);
  }, [load, take]);

  useEffect(() => void reload(), [reload]);

  const startAnew = useCallback(async () => {
    setSaved(undefined);
    setDiscarded(undefined);
    setFailure(undefined);
    await reload();
  }, [reload]);

  const values = saved && { ...valuesOf(saved), ...changes };

  const textIsSound = useCallback((language: Language, text: string) => {
    setRefusal((old) => {
      const ofThis = old?.failure.code === 'customer_text_invalid' && old.failure.detail?.language === language;
      return ofThis && old.values.customerText[language] !== text ? undefined : old;
    });
  }, []);

  const save = async (): Promise<boolean> => {
    if (!saved || !values) return false;
    setSaving(true);
    setRefusal(undefined);
    const answer = await store(saved.version, values);
    setSaving(false);
    if (answer.ok) take(answer.value);
    else setRefusal({ failure: answer.failure, values });
    return answer.ok;
  };

  return {
    saved,
    values,
    failure,
    saveFailure: refusal?.failure,
    saving,
    loading,
    change: (more) => {
      if (!saved) return;
      setDiscarded(undefined);
      setChanges((old) => stillChanged(valuesOf(saved), { ...old, ...more }));
      setRefusal((old) => (old && values && isMended(old.failure, old.values, { ...values, ...more }) ? undefined : old));
    },
    discard: () => {
      setDiscarded(changes);
      setChanges({});
      setRefusal(undefined);
    },
    forget: () => setDiscarded(undefined),
    restore:
      discarded &&
      saved &&
      (() => {
        setDiscarded(undefined);
        setChanges(stillChanged(valuesOf(saved), discarded));
      }),
    textIsSound,
    save,
    reload,
    startAnew,
  };
}
