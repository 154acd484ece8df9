/* The admin's own settings as the page edits them. */
import type { Language, SettingsAnswer, SettingsUpdate } from '../api/types';
import { changedTexts, same } from '../settings/draft';

export type Values = Omit<SettingsUpdate, 'version'>;
export type Changes = Partial<Values>;
export type ChangedField =
  | { field: 'customer_text'; language: Language }
  | { field: 'default_language' | 'validity' | 'group' | 'allowed_groups' | 'licences' | 'invitation' | 'edit_when_ended' | 'count_on_issue' | 'default_supporter' | 'report' | 'worklog' | 'tell_of_waiting' | 'customers_may_ask' };

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
  defaultSupporter: settings.defaultSupporter,
  report: settings.report,
  worklog: settings.worklog,
  tellOfWaiting: settings.tellOfWaiting,
  customersMayAsk: settings.customersMayAsk,
  retentionDays: settings.retentionDays,
});

const names = {
  defaultLanguage: 'default_language',
  validityMinutes: 'validity',
  teamviewerGroup: 'group',
  allowedGroups: 'allowed_groups',
  eligibleLicences: 'licences',
  invitation: 'invitation',
  editWhenEnded: 'edit_when_ended',
  countOnIssue: 'count_on_issue',
  defaultSupporter: 'default_supporter',
  report: 'report',
  worklog: 'worklog',
  tellOfWaiting: 'tell_of_waiting',
  customersMayAsk: 'customers_may_ask',
} as const;

/** Each field that differs from what is saved, in the order of the tabs. */
export function changedFields(saved: Values, now: Values): ChangedField[] {
  const texts = changedTexts(saved, now).map((language) => ({ field: 'customer_text' as const, language }));
  const rest = (Object.keys(names) as (keyof typeof names)[]).filter((key) => !same(saved[key], now[key])).map((key) => ({ field: names[key] }));
  return [...texts, ...rest];
}

/** “Only these types”, and no type: the server would refuse it, since nobody could use anything. */
export const lacksLicenceTypes = ({ eligibleLicences }: Values): boolean => eligibleLicences.policy === 'listed' && eligibleLicences.types.length === 0;
