/*
 * What the admin has changed and not saved. Kept as changes over what the server last said: when somebody else saved meanwhile,
 * their settings become the new ground and only what was changed here stays changed.
 */
import type { Failure } from '../api/client';
import type { Language, SettingsAnswer, SettingsUpdate } from '../api/types';

export type Values = Omit<SettingsUpdate, 'version'>;
export type Changes = Partial<Values>;
export type ChangedField =
  | { field: 'customer_text'; language: Language }
  | { field: 'default_language' | 'validity' | 'group' | 'allowed_groups' | 'licences' | 'invitation' | 'edit_when_ended' | 'count_on_issue' };

export const kLanguages: Language[] = ['en', 'fr'];

export const valuesOf = (settings: SettingsAnswer): Values => ({
  customerText: settings.customerText,
  defaultLanguage: settings.defaultLanguage,
  validityMinutes: settings.validityMinutes,
  teamviewerGroup: settings.teamviewerGroup,
  allowedGroups: settings.allowedGroups,
  eligibleLicences: settings.eligibleLicences,
  invitation: settings.invitation,
  editWhenEnded: settings.editWhenEnded,
  countOnIssue: settings.countOnIssue,
});

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const names = {
  defaultLanguage: 'default_language',
  validityMinutes: 'validity',
  teamviewerGroup: 'group',
  allowedGroups: 'allowed_groups',
  eligibleLicences: 'licences',
  invitation: 'invitation',
  editWhenEnded: 'edit_when_ended',
  countOnIssue: 'count_on_issue',
} as const;

/** Each field that differs from what is saved, in the order of the tabs. */
export function changedFields(saved: Values, now: Values): ChangedField[] {
  const texts = kLanguages
    .filter((language) => saved.customerText[language] !== now.customerText[language])
    .map((language) => ({ field: 'customer_text' as const, language }));
  const rest = (Object.keys(names) as (keyof typeof names)[]).filter((key) => !same(saved[key], now[key])).map((key) => ({ field: names[key] }));
  return [...texts, ...rest];
}

/** “Only these types”, and no type: the server would refuse it, since nobody could use anything. */
export const lacksLicenceTypes = ({ eligibleLicences }: Values): boolean => eligibleLicences.policy === 'listed' && eligibleLicences.types.length === 0;

/** The names that were refused because Jira has no such group. */
export const unknownGroups = (refused: Failure | undefined): string[] => (refused?.detail?.rule === 'unknown_group' ? (refused.detail.names ?? []) : []);

/** `changes` without what has become the same as saved. */
export function stillChanged(saved: Values, changes: Changes): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([key, value]) => !same(saved[key as keyof Values], value)));
}

/**
 * Whether what the server refused is another now, so that there is nothing more to say of it. What is wrong with a customer text
 * is judged by the server again, with its preview, and not here.
 */
export function isMended({ code, detail }: Failure, refused: Values, now: Values): boolean {
  if (code !== 'invalid_field' || !detail?.field) return false;
  const unknown = unknownGroups({ code, detail });
  if (unknown.length > 0) return !unknown.some((name) => now.allowedGroups.includes(name));
  const field = detail.field.split('.')[0] as keyof Values;
  return field in refused && !same(refused[field], now[field]);
}
