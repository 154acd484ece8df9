import type { AccountDataAnswer, ErasedCount } from '../api/types';
import type { Words } from '../ui/words';

/** What there is of each, as a list in a sentence; what there is none of is left out. */
export function countWords(words: Words, { sessions, entries, others }: Omit<ErasedCount, 'total'>): string {
  const parts = [
    sessions > 0 && words.count('data.count.sessions', sessions),
    entries > 0 && words.count('data.count.entries', entries),
    others > 0 && words.count('data.count.others', others),
  ];
  return words.list(parts.filter((part) => part !== false));
}

/** The same of one account, one part a line. */
export function keptWords(words: Words, { kept: { sessions, entries, mappings, invitations, asks, issues }, namedAs = [] }: AccountDataAnswer): string[] {
  const parts = [
    ...namedAs.map((what) => words.say(`data.kept.${what}`)),
    sessions > 0 && words.count('data.kept.sessions', sessions),
    entries > 0 && words.count('data.kept.entries', entries),
    mappings > 0 && words.count('data.kept.mappings', mappings),
    invitations > 0 && words.count('data.kept.invitations', invitations),
    asks > 0 && words.count('data.kept.asks', asks),
    issues > 0 && words.count('data.kept.issues', issues),
  ];
  return parts.filter((part) => part !== false);
}
