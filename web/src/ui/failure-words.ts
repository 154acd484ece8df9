/*
 * What happened, what it means, what to do: the words for a refusal, a failure, or a failed step. The server makes its English
 * `message` of the same sentences (src/desk/session_view.cpp).
 */
import type { Failure } from '../api/client';
import { fieldWords } from './field-words';
import type { Parameters, Words } from './words';

export function failureWords(words: Words, failure: Failure): string {
  const { code, detail = {}, outcome, retryAfter } = failure;
  const parameters = parametersOf(words, failure);
  if (code === 'invalid_field') return fieldWords(words, detail);
  if (code === 'forbidden' && detail.reason) return words.say(`forbidden.${detail.reason}`, parameters);
  const reason = words.find(`error.reason.${code}`, parameters);
  const said = quotation(words, code, detail.said, parameters);
  if (outcome && reason) return `${reason}${said} ${outcome === 'waiting' && retryAfter ? words.say('error.outcome.waiting.in', parameters) : words.say(`error.outcome.${outcome}`)}`;
  const kind = kindOf(failure);
  // A server newer than this page may have codes that the page has no words for; then its own message is better than none.
  const text = (kind && words.find(`error.${code}.${kind}`, parameters)) ?? words.find(`error.${code}`, parameters);
  return text === undefined ? (failure.message ?? words.say('error.internal_error')) : text + said;
}

/** What is the matter, without what became of a request: for what is looked at and not asked for. */
export const reasonWords = (words: Words, failure: Failure): string =>
  words.find(`error.reason.${failure.code}`, parametersOf(words, failure)) ?? failureWords(words, failure);

/** What an answer says beyond its code chooses between sentences: `error.<code>.<kind>`, where there is one. */
function kindOf(failure: Failure): string | undefined {
  const { detail = {}, retryAfter } = failure;
  if (detail.sessionCode) return issueOf(failure) ? 'elsewhere' : 'named';
  if (detail.agent) return 'of_another';
  if (retryAfter) return 'in';
  return detail.limit ? 'limit' : undefined;
}

function parametersOf(words: Words, { detail = {}, retryAfter }: Failure): Parameters {
  const parameters: Record<string, string | number> = { provider: words.say('provider.teamviewer') };
  for (const [name, value] of Object.entries(detail)) {
    if (typeof value === 'string' || typeof value === 'number') parameters[name] = value;
  }
  if (detail.state) parameters.state = words.say(`state.${detail.state}`);
  if (detail.limit) parameters.size = words.size(detail.limit);
  if (retryAfter) parameters.time = words.wait(retryAfter);
  return parameters;
}

/** The issue of the session that stands in the way, where the server names it. */
export const issueOf = ({ detail = {} }: Failure): string | undefined => (detail as { issueKey?: string }).issueKey;

/** The other side's own words. */
function quotation(words: Words, code: string, said: string | undefined, parameters: Parameters): string {
  if (!said) return '';
  return ` ${words.say(/^(jira|comment)_/.test(code) ? 'error.said.jira' : 'error.said.provider', { ...parameters, said: said.replace(/[.\s]+$/, '') })}`;
}
