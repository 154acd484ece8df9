/* How a session stands for its customer, beyond the state that the server tells; and by what name its supporter goes. */
import type { RequestSession } from '../api/types';
import { isolated, type Words } from '../ui/words';

/** `cancelled`: it ended before there was anything. `off`: it would be there to be joined, and remote support is switched off. */
export type Kind = RequestSession['state'] | 'cancelled' | 'off';

const over: ReadonlySet<Kind> = new Set(['closed', 'expired', 'failed', 'cancelled']);

export function kindOf({ state, madeAt, customerLink }: RequestSession, off: boolean): Kind {
  if (state === 'closed' && !madeAt) return 'cancelled';
  if (off && (state === 'intended' || state === 'open')) return 'off';
  // Its time has passed a moment ago, which the server has not made an end of yet.
  if (state === 'open' && !customerLink) return 'expired';
  return state;
}

export const isPast = (kind: Kind): boolean => over.has(kind);

/** At the beginning of a sentence; `within` one. Of an agent whose data was erased no name is left. */
export const supporterName = (words: Words, { supporter: { name } }: RequestSession): string => (name === '' ? words.say('request.somebody') : isolated(name));
export const supporterWithin = (words: Words, { supporter: { name } }: RequestSession): string => (name === '' ? words.say('request.somebody.within') : isolated(name));

/** What its text says of help otherwise: to write. Where it can be asked for, that is said in its place. */
const asksFor = (kind: Kind) => kind === 'closed' || kind === 'expired' || kind === 'cancelled';

/** What is said of it first, and what that means: also what is announced when it changes. `offered`: they can ask for help. */
export function sentencesOf(words: Words, kind: Kind, session: RequestSession, offered: boolean): { headline: string; text: string } {
  const parameters = { name: supporterName(words, session), provider: words.say('provider.teamviewer') };
  return { headline: words.say(`request.headline.${kind}`, parameters), text: words.say(offered && asksFor(kind) ? `request.text.${kind}.ask` : `request.text.${kind}`, parameters) };
}
