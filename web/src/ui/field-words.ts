/*
 * Words for a field that the server refused. Its answer names field and rule as the API does (docs/openapi.yaml, FieldRule); people read
 * what the field is called on the page and what it takes, and for names that the page does not know a sentence without them. The server
 * makes its English `message` of the same rules (src/gateway/problem.cpp).
 */
import type { ErrorAnswer, FieldRule } from '../api/types';
import type { Key, Words } from './words';

type Detail = NonNullable<ErrorAnswer['detail']>;
type RuleWords = (words: Words, detail: Detail) => string;

const say = (key: Key): RuleWords => (words) => words.say(key);
const withLimit = (key: Key): RuleWords => (words, { limit = 0 }) => words.say(key, { limit });

/** Whole by its type: a rule without words does not compile. */
const rules: Readonly<Record<FieldRule, RuleWords>> = {
  string: say('rule.string'),
  boolean: say('rule.boolean'),
  integer: say('rule.integer'),
  object: say('rule.object'),
  array: say('rule.array'),
  strings: say('rule.strings'),
  required: say('rule.required'),
  max_bytes: say('rule.max_bytes'),
  max_characters: withLimit('rule.max_characters'),
  max_items: withLimit('rule.max_items'),
  range: (words, { field, least = 0, most = 0 }) =>
    words.say('rule.range', field === 'validityMinutes' ? { least: words.duration(least), most: words.duration(most) } : { least, most }),
  choice: say('rule.choice'),
  exactly_one: (words, { choices = [] }) => words.say('rule.exactly_one', { choices: words.quoted(choices) }),
  same_as_header: say('rule.same_as_header'),
  one_line: say('rule.one_line'),
  no_control_characters: say('rule.no_control_characters'),
  visible_ascii: say('rule.visible_ascii'),
  token: (words, { least = 0, most = 0 }) => words.say('rule.token', { least, most }),
  time: say('rule.time'),
  cursor: say('rule.cursor'),
  time_zone: say('rule.time_zone'),
  after_from: say('rule.after_from'),
  max_days: withLimit('rule.max_days'),
  max_sessions: withLimit('rule.max_sessions'),
  email: say('rule.email'),
  email_length: withLimit('rule.email_length'),
  email_character: say('rule.email_character'),
  email_domain: say('rule.email_domain'),
  own_contact: say('rule.own_contact'),
  person_of_the_issue: say('rule.person_of_the_issue'),
  not_yourself: say('rule.not_yourself'),
  without_person: say('rule.without_person'),
  service_project: say('rule.service_project'),
  unknown_group: (words, { names = [] }) =>
    names.length > 0 ? words.count('rule.unknown_group', names.length, { names: words.quoted(names) }) : words.say('rule.other'),
  linked_account: say('rule.linked_account'),
};

export function fieldWords(words: Words, detail: Detail): string {
  const field = words.find(`field.${detail.field}`, { provider: words.say('provider.teamviewer') });
  if (!field) return words.say('error.invalid_field.general');
  return words.say('error.invalid_field.named', { field, rule: ruleWords(words, detail) });
}

/** A server newer than this page may have rules that the page has no words for. */
function ruleWords(words: Words, detail: Detail): string {
  const known = detail.rule && Object.hasOwn(rules, detail.rule) ? rules[detail.rule] : say('rule.other');
  return known(words, detail);
}
