/*
 * What was changed on a page of settings and is not saved. Kept as changes over what the server last said: when somebody else saved
 * meanwhile, their settings become the new ground and only what was changed here stays changed.
 */
import type { Failure } from '../api/client';
import type { Language } from '../api/types';

/** What every page of settings has. A language without a text is one that says nothing of its own. */
export interface CommonValues {
  customerText: { [language in Language]?: string };
  allowedGroups: string[];
}

export const kLanguages: Language[] = ['en', 'fr'];

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The languages whose text differs from what is saved. */
export const changedTexts = (saved: CommonValues, now: CommonValues): Language[] => kLanguages.filter((language) => saved.customerText[language] !== now.customerText[language]);

/** The names that were refused because Jira has no such group. */
export const unknownGroups = (refused: Failure | undefined): string[] => (refused?.detail?.rule === 'unknown_group' ? (refused.detail.names ?? []) : []);

/** `changes` without what has become the same as saved. */
export function stillChanged<Values extends CommonValues>(saved: Values, changes: Partial<Values>): Partial<Values> {
  return Object.fromEntries(Object.entries(changes).filter(([key, value]) => !same(saved[key as keyof Values], value))) as Partial<Values>;
}

/**
 * Whether what the server refused is another now, so that there is nothing more to say of it. What is wrong with a customer text
 * is judged by the server again, with its preview, and not here.
 */
export function isMended<Values extends CommonValues>({ code, detail }: Failure, refused: Values, now: Values): boolean {
  if (code !== 'invalid_field' || !detail?.field) return false;
  const unknown = unknownGroups({ code, detail });
  if (unknown.length > 0) return !unknown.some((name) => now.allowedGroups.includes(name));
  const field = detail.field.split('.')[0] as keyof Values;
  return field in refused && !same(refused[field], now[field]);
}
