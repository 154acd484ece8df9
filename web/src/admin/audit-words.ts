/* What an entry of the audit log says in words. A server newer than this page may have actions that the page has no words for. */
import type { FailureCode } from '../api/client';
import type { AuditEntry, ErrorCode, NamedAccount } from '../api/types';
import type { Choice } from '../ui/field';
import type { Words } from '../ui/words';
import { countWords } from './data-words';

const kActions = 'audit.action.';

const provider = (words: Words) => ({ provider: words.say('provider.teamviewer') });

/** Every action there are words for, by these words. */
export function knownActions(words: Words): { action: string; label: string }[] {
  return words.keysBehind(kActions)
    .filter((action) => !action.includes('.'))
    .map((action) => ({ action, label: actionWords(words, { action }) }))
    .sort((a, b) => words.inOrder(a.label, b.label));
}

/** `audit.action.<action>.<kind>` where the detail chooses between sentences. */
export function actionWords(words: Words, { action, detail = {} }: Pick<AuditEntry, 'action' | 'detail'>): string {
  const kind = detail.mode ?? detail.to ?? detail.wish;
  const own = typeof kind === 'string' ? words.find(`${kActions}${action}.${kind}`, provider(words)) : undefined;
  return own ?? words.find(kActions + action, provider(words)) ?? action;
}

/** Why, or what: nothing for most. */
export function detailWords(words: Words, { detail = {} }: Pick<AuditEntry, 'detail'>): string | undefined {
  if (typeof detail.kind === 'string') return workWords(words, detail.kind);
  if (typeof detail.project === 'string') return detail.project;
  const { sessions, entries, others } = detail;
  if (typeof sessions === 'number' && typeof entries === 'number' && typeof others === 'number') return countWords(words, { sessions, entries, others }) || undefined;
  const code = detail.code ?? detail.why;
  if (typeof code !== 'string') return undefined;
  return words.reason({ code: code as FailureCode & ErrorCode, message: code });
}

/** What Belay was to do outside. */
export const workWords = (words: Words, kind: string): string => words.find(`work.kind.${kind}`, provider(words)) ?? words.say('work.kind.other', { kind });

/** In place of an account that was erased. */
export const kErased = 'erased';

export const accountLabel = (words: Words, { id, name }: NamedAccount): string => (id === kErased ? words.say('audit.erased_account') : name ?? id);

/** For a list to choose from. */
export const people = (words: Words, accounts: NamedAccount[]): Choice<string>[] =>
  accounts.map((account) => ({ value: account.id, label: accountLabel(words, account) })).sort((a, b) => words.inOrder(a.label, b.label));
