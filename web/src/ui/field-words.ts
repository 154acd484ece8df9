/*
 * Words for a field that the server refused. Its answer names field and rule as the API does; people read what the field is
 * called on the page and what it takes, and for names that the page does not know a sentence without them.
 */
import type { ErrorAnswer } from '../api/types';
import type { Key, Words } from './words';

type Detail = NonNullable<ErrorAnswer['detail']>;

const rules: Readonly<Record<string, Key>> = {
  required: 'rule.required',
  'not blank': 'rule.required',
  'not empty': 'rule.required',
  max_bytes: 'rule.too_long',
  'one line': 'rule.one_line',
  no_control_characters: 'rule.control_characters',
  choice: 'rule.choice',
  'a language of the customer text': 'rule.choice',
  'an e-mail address': 'rule.email',
  'a mail address': 'rule.email',
  'at most 254 bytes': 'rule.email_too_long',
  'no comma, space or control character': 'rule.email_character',
  'a domain that can exist': 'rule.email_domain',
  'one of your contacts': 'rule.contact',
  person_of_the_issue: 'rule.not_on_issue',
  not_yourself: 'rule.not_yourself',
  service_project: 'rule.service_project',
  'only without customer.id': 'rule.without_person',
};

export function fieldWords(words: Words, detail: Detail): string {
  const field = words.find(`field.${detail.field}`, { provider: words.say('provider.teamviewer') });
  if (!field) return words.say('error.invalid_field.general');
  return words.say('error.invalid_field.named', { field, rule: ruleWords(words, detail) });
}

function ruleWords(words: Words, detail: Detail): string {
  const { field, rule = '', limit, least, most, names = [] } = detail;
  const characters = /^at most (\d+) characters$/.exec(rule);
  if (characters) return words.say('rule.characters', { limit: Number(characters[1]) });
  const range = rule === 'range' ? [least, most] : /^from (\d+) to (\d+)$/.exec(rule)?.slice(1);
  if (range) {
    const [from, to] = range.map(Number) as [number, number];
    return words.say('rule.range', field === 'validityMinutes' ? { least: words.duration(from), most: words.duration(to) } : { least: from, most: to });
  }
  if (rule === 'max_items') return words.say('rule.entries', { limit: Number(limit) });
  if (rule === 'unknown_group' && names.length > 0) return words.count('rule.unknown_group', names.length, { names: words.quoted(names) });
  return words.say(rules[rule] ?? 'rule.other');
}
