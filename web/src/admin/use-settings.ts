import { api } from '../api/client';
import type { SettingsAnswer } from '../api/types';
import { useDraft, type Draft, type Source } from '../settings/use-draft';
import { valuesOf, type Values } from './draft';

export type Settings = Draft<SettingsAnswer, Values>;

const source: Source<SettingsAnswer, Values> = {
  load: api.getSettings,
  store: (version, values) => api.putSettings({ version, ...values }),
  valuesOf,
};

export const useSettings = (): Settings => useDraft(source);
