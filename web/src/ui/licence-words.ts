/* Why a licence is not accepted; where the admin named types, with theirs and the account's own. */
import type { Licence } from '../api/types';
import type { Words } from './words';

export function licenceReason(words: Words, licence: Licence, provider: string): string {
  const { reason = 'unknown', accepted = [], type } = licence;
  if (reason !== 'type_not_listed' || accepted.length === 0) return words.say(`licence.reason.${reason}`, { provider });
  return words.say('licence.reason.type_not_listed.named', { accepted: words.quoted(accepted), type: type ? words.quoted([type]) : words.say('licence.unnamed') });
}
