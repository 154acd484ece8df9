/* What one project decides, as its page edits it. A language without a text takes the site's. */
import type { Language, ProjectSettingsAnswer, ProjectSettingsUpdate } from '../api/types';
import { changedTexts, kLanguages, same } from '../settings/draft';

export type Values = Omit<ProjectSettingsUpdate, 'version'>;
export type Changes = Partial<Values>;
export type ChangedField = { field: 'customer_text'; language: Language } | { field: 'enabled' | 'allowed_groups' };

/** In one order, so that equal ones are written alike. */
const texts = (of: Values['customerText']): Values['customerText'] =>
  Object.fromEntries(kLanguages.filter((language) => of[language] !== undefined).map((language) => [language, of[language]]));

export const valuesOf = ({ enabled, customerText, allowedGroups }: ProjectSettingsAnswer): Values => ({ enabled, customerText: texts(customerText), allowedGroups });

/** `text` undefined: the site's. */
export const withText = (of: Values['customerText'], language: Language, text: string | undefined): Values['customerText'] => texts({ ...of, [language]: text });

export function changedFields(saved: Values, now: Values): ChangedField[] {
  return [
    ...(saved.enabled === now.enabled ? [] : [{ field: 'enabled' as const }]),
    ...(same(saved.allowedGroups, now.allowedGroups) ? [] : [{ field: 'allowed_groups' as const }]),
    ...changedTexts(saved, now).map((language) => ({ field: 'customer_text' as const, language })),
  ];
}
