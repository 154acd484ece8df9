import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure } from '../api/client';
import type { SettingsAnswer } from '../api/types';
import { stillChanged, valuesOf, type Changes, type Values } from './draft';

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
  discard: () => void;
  save: () => Promise<boolean>;
  reload: () => Promise<void>;
  /** Another server: what the last one said is forgotten. */
  startAnew: () => Promise<void>;
}

export function useSettings(): Settings {
  const [saved, setSaved] = useState<SettingsAnswer>();
  const [changes, setChanges] = useState<Changes>({});
  const [failure, setFailure] = useState<Failure>();
  const [saveFailure, setSaveFailure] = useState<Failure>();
  const [saving, setSaving] = useState(false);
  const [loading, setLoading] = useState(true);
  const turn = useRef(0);

  const take = useCallback((settings: SettingsAnswer) => {
    setSaved(settings);
    setChanges((old) => stillChanged(valuesOf(settings), old));
    setFailure(undefined);
    setSaveFailure(undefined);
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
    setFailure(undefined);
    await reload();
  }, [reload]);

  const values = saved && { ...valuesOf(saved), ...changes };

  const save = async (): Promise<boolean> => {
    if (!saved || !values) return false;
    setSaving(true);
    setSaveFailure(undefined);
    const answer = await api.putSettings({ version: saved.version, ...values });
    setSaving(false);
    if (answer.ok) take(answer.value);
    else setSaveFailure(answer.failure);
    return answer.ok;
  };

  return {
    saved,
    values,
    failure,
    saveFailure,
    saving,
    loading,
    change: (more) => {
      if (saved) setChanges((old) => stillChanged(valuesOf(saved), { ...old, ...more }));
    },
    discard: () => {
      setChanges({});
      setSaveFailure(undefined);
    },
    save,
    reload,
    startAnew,
  };
}
