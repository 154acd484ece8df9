import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { Language, SettingsAnswer } from '../api/types';
import { isMended, stillChanged, valuesOf, type Changes, type Values } from './draft';

export interface Settings {
  /** What the server last said; absent while loading and when it refused. */
  saved: SettingsAnswer | undefined;
  values: Values | undefined;
  failure: Failure | undefined;
  saveFailure: Failure | undefined;
  saving: boolean;
  /** The server was asked for them, and has not answered. */
  loading: boolean;
  change: (changes: Changes) => void;
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

export function useSettings(): Settings {
  const [saved, setSaved] = useState<SettingsAnswer>();
  const [changes, setChanges] = useState<Changes>({});
  const [failure, setFailure] = useState<Failure>();
  const [refusal, setRefusal] = useState<{ failure: Failure; values: Values }>();
  const [discarded, setDiscarded] = useState<Changes>();
  const [saving, setSaving] = useState(false);
  const [loading, setLoading] = useState(true);
  const turn = useRef(0);

  const take = useCallback((settings: SettingsAnswer) => {
    setSaved(settings);
    setChanges((old) => stillChanged(valuesOf(settings), old));
    setFailure(undefined);
    setRefusal(undefined);
  }, []);

  const reload = useCallback(async () => {
    turn.current += 1;
    const mine = turn.current;
    setLoading(true);
    const answer = await api.getSettings();
    if (mine !== turn.current) return;
    setLoading(false);
    if (answer.ok) return take(answer.value);
    setSaved(undefined);
    setFailure(answer.failure);
  }, [take]);

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
    const answer = await api.putSettings({ version: saved.version, ...values });
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
