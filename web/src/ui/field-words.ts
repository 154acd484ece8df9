/*
 * Words for a field that the server refused. Its answer names field and rule as the API does; people read what the field is
 * called on the page and what it takes, and for names that the page does not know a sentence without them.
 */
import type { ErrorAnswer } from '../api/types';
import type { Key, Parameters, Words } from './words';

type Detail = NonNullable<ErrorAnswer['detail']>;

interface Rule {
  key: Key;
  parameters?: Parameters;
}

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
  'one of your contacts': 'rule.contact',
  person_of_the_issue: 'rule.not_on_issue',
  not_yourself: 'rule.not_yourself',
  'only without customer.id': 'rule.without_person',
};

export function fieldWords(words: Words, detail: Detail): string {
  const field = words.find(`field.${detail.field}`, { provider: words.say('provider.teamviewer') });
  if (!field) return words.say('error.invalid_field.general');
  const { key, parameters = {} } = ruleOf(words, detail);
  return words.say('error.invalid_field.named', { field, rule: words.say(key, parameters) });
}

function ruleOf(words: Words, detail: Detail): Rule {
  const { field, rule = '' } = detail;
  const { limit, least, most } = detail as Readonly<Record<string, unknown>>;
  const characters = /^at most (\d+) characters$/.exec(rule);
  if (characters) return { key: 'rule.characters', parameters: { limit: Number(characters[1]) } };
  const range = rule === 'range' ? [least, most] : /^from (\d+) to (\d+)$/.exec(rule)?.slice(1);
  if (range) {
    const [from, to] = range.map(Number) as [number, number];
    return { key: 'rule.range', parameters: field === 'validityMinutes' ? { least: words.duration(from), most: words.duration(to) } : { least: from, most: to } };
  }
  if (rule === 'max_items') return { key: 'rule.entries', parameters: { limit: Number(limit) } };
  return { key: rules[rule] ?? 'rule.other' };
}
