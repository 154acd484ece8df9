import { describe, expect, test } from 'vitest';
import { loadWords, type Place } from './words';
import type { ErrorAnswer, FieldRule } from '../api/types';

const kMinute = 60_000;

describe('words', () => {
  test('the language follows the reader’s locale, English where there is none of ours', async () => {
    expect((await loadWords('fr-FR', undefined)).language).toBe('fr');
    expect((await loadWords('fr_CA', undefined)).locale).toBe('fr-CA');
    expect((await loadWords('de-DE', undefined)).language).toBe('en');
    expect((await loadWords('not a locale', 'not/a/zone')).say('common.cancel')).toBe('Cancel');
  });

  test('beside a Data Center the sentences that are other ones there; in Jira Cloud none of them', async () => {
    const unreached = async (place?: Place) => (await loadWords('en-US', undefined, place)).say('panel.unreached');
    expect(await unreached('datacenter')).toMatch(/whoever runs the server/);
    expect(await unreached()).toMatch(/Manage apps > Belay > Configure/);
    expect((await loadWords('en-US', undefined, 'datacenter')).say('common.cancel')).toBe('Cancel');
  });

  test('values are put in once and never read again', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.say('session.by_for', { name: '{customer}', customer: '{name}' })).toBe('by {customer}, for {name}');
  });

  test('spans are read at a glance', async () => {
    const words = await loadWords('en-US', undefined);
    expect([20_000, 18 * kMinute, 60 * kMinute, 1390 * kMinute, 2880 * kMinute, 3000 * kMinute].map(words.span)).toEqual([
      'under a minute',
      '18 min',
      '1 h',
      '23 h 10',
      '2 d',
      '2 d 2 h',
    ]);
  });

  test('times are in the reader’s zone', async () => {
    expect((await loadWords('en-GB', 'Europe/Paris')).clock('2026-07-01T12:00:00Z')).toBe('14:00');
    expect((await loadWords('en-GB', 'Asia/Kolkata')).clock('2026-07-01T12:00:00Z')).toBe('17:30');
  });

  test('counts follow the language: zero is singular in French', async () => {
    const [en, fr] = [await loadWords('en-US', undefined), await loadWords('fr-FR', undefined)];
    expect([en.count('duration.hours', 0), en.count('duration.hours', 1)]).toEqual(['0 hours', '1 hour']);
    expect(fr.count('duration.hours', 0)).toBe('0 heure');
  });

  test('numbers are grouped as the reader groups them', async () => {
    const [en, fr] = [await loadWords('en-US', undefined), await loadWords('fr-FR', undefined)];
    expect(en.say('text.count', { count: 91, limit: 4000 })).toBe('91 of 4,000 characters');
    expect(fr.say('text.count', { count: 91, limit: 4000 })).toMatch(/^91 caractères sur 4\s000$/);
  });

  test('a wait is in whole minutes and never too short', async () => {
    const words = await loadWords('en-US', undefined);
    expect([5, 59, 60, 61, 600, 3600].map(words.wait)).toEqual(['under a minute', 'under a minute', '1 min', '2 min', '10 min', '1 h']);
  });

  test('what has passed is over', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.left('2026-03-02T10:00:00Z', Date.parse('2026-03-02T10:00:00Z'))).toBe('over');
  });
});

describe('failures in words', () => {
  test('name what the answer carries, the state in the reader’s language', async () => {
    const words = await loadWords('fr-FR', undefined);
    expect(words.failure({ code: 'invalid_state', detail: { state: 'closed' } })).toMatch(/«\sFermée\s»/);
  });

  test('a reason of “forbidden” has its own words', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'forbidden', detail: { reason: 'own_session' } })).toContain('You are the customer');
  });

  test('the other side’s own words are added as a quotation', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'provider_refused', detail: { provider: 'TeamViewer', said: 'group not found' } })).toContain('TeamViewer said: “group not found”.');
    expect(words.failure({ code: 'jira_refused', detail: { said: 'no such field' } })).toContain('Jira said: “no such field”.');
  });

  test('how long to wait is said when the server says it, and never made up', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'overloaded', retryAfter: 90 })).toContain('Try again in 2 min.');
    expect(words.failure({ code: 'overloaded' })).toContain('Try again in a moment.');
    expect(words.failure({ code: 'pairing_attempts_exceeded' })).not.toMatch(/\d|\{/);
    expect(words.failure({ code: 'storage_unavailable', retryAfter: 90 })).toContain('Try again in a moment');
  });

  test('a limit in bytes is read in kilobytes', async () => {
    const [en, fr] = [await loadWords('en-US', undefined), await loadWords('fr-FR', undefined)];
    expect(en.failure({ code: 'body_too_large', detail: { limit: 262_144 } })).toContain('the server takes 256 kB');
    expect(fr.failure({ code: 'body_too_large', detail: { limit: 262_144 } })).toMatch(/accepte 256\sko/);
    expect(en.failure({ code: 'body_too_large' })).not.toMatch(/\d|\{/);
  });

  test('of a step too the other side’s own words are quoted', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'jira_refused_comment', outcome: 'not_invited', detail: { said: 'Comment body is not valid.' } })).toMatch(/^Jira refused the comment\. Jira said: “Comment body is not valid”\. The invitation is not on the issue\./);
  });

  test('a step that goes on says when, where the server says it', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'provider_rate_limited', outcome: 'waiting', retryAfter: 90 })).toBe('TeamViewer asks Belay to slow down. Nothing is lost: Belay tries again by itself in 2 min.');
  });

  test.each([
    ['waiting', 'TeamViewer does not answer. Nothing is lost: Belay tries again by itself.'],
    ['unknown', 'TeamViewer does not answer. It is not known yet whether the request got through. Belay looks before it asks again, and goes on by itself.'],
    ['gave_up', 'TeamViewer does not answer. Belay tried several times and has stopped. Try again.'],
    ['not_invited', 'TeamViewer does not answer. The invitation is not on the issue. The session exists: copy its link and send it yourself, or try again.'],
    ['not_closed', 'TeamViewer does not answer. Here the session has ended, but there it stays open until it is closed or its time has passed. Try again.'],
  ] as const)('a step says what became of it: %s', async (outcome, text) => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'provider_unreachable', detail: { provider: 'TeamViewer' }, outcome })).toBe(text);
  });

  test('a step whose code has no short reason keeps its own words, and so does a refused request', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'account_changed', outcome: 'not_closed' })).toContain('TeamViewer');
    expect(words.failure({ code: 'jira_unreachable' })).toBe('Jira does not answer the Belay server, so nothing was changed. Try again in a moment.');
  });

  test.each([
    [{ field: 'customer.name', rule: 'max_characters', limit: 100 }, 'Customer’s name: at most 100 characters.'],
    [{ field: 'description', rule: 'max_characters', limit: 4000 }, 'Description: at most 4,000 characters.'],
    [{ field: 'description', rule: 'max_bytes', limit: 65_536 }, 'Description: it is too long.'],
    [{ field: 'customer.name', rule: 'one_line' }, 'Customer’s name: it has to fit on one line.'],
    [{ field: 'customer.name', rule: 'no_control_characters' }, 'Customer’s name: it has a character that cannot be used.'],
    [{ field: 'validityMinutes', rule: 'range', least: 15, most: 10080 }, 'Validity: between 15 minutes and 7 days.'],
    [{ field: 'validityMinutes', rule: 'integer' }, 'Validity: it has to be a whole number.'],
    [{ field: 'invitation', rule: 'choice', choices: ['public', 'internal'] }, 'choose one of the entries that are offered.'],
    [{ field: 'invitation', rule: 'service_project' }, 'comments that only the team reads exist in service projects only.'],
    [{ field: 'allowedGroups', rule: 'max_items', limit: 50 }, 'Jira groups: at most 50 entries.'],
    [{ field: 'allowedGroups', rule: 'unknown_group', names: ['suport'] }, 'Jira groups: Jira has no group called “suport”. Nothing was changed.'],
    [{ field: 'allowedGroups', rule: 'unknown_group', names: ['suport', 'second lin'] }, 'Jira groups: Jira has no groups called “suport” and “second lin”. Nothing was changed.'],
    [{ field: 'allowedGroups', rule: 'unknown_group' }, 'Jira groups: it does not fit.'],
    [{ field: 'eligibleLicences.types', rule: 'required' }, 'Types of licence: it is empty.'],
    [{ field: 'address', rule: 'email' }, 'E-mail address: this is not an e-mail address.'],
    [{ field: 'address', rule: 'email_length', limit: 254 }, 'E-mail address: an e-mail address has at most 254 characters.'],
    [{ field: 'address', rule: 'email_character' }, 'E-mail address: an e-mail address cannot have a comma, a space or an invisible character in it.'],
    [{ field: 'address', rule: 'email_domain' }, 'E-mail address: there can be no such name behind the @.'],
    [{ field: 'contact', rule: 'own_contact' }, 'it is not in your contacts any more.'],
    [{ field: 'contact', rule: 'exactly_one', choices: ['contact', 'address'] }, 'exactly one of “contact” and “address” has to be there.'],
    [{ field: 'customer.id', rule: 'not_yourself' }, 'Customer: you cannot be the customer of your own session.'],
    [{ field: 'customer.id', rule: 'person_of_the_issue' }, 'Customer: this person is not on the issue any more.'],
    [{ field: 'notes', rule: 'rule_of_the_future' as FieldRule }, 'Notes: it does not fit.'],
    [{ field: 'notes', rule: 'toString' as FieldRule }, 'Notes: it does not fit.'],
    [{ field: 'notes' }, 'Notes: it does not fit.'],
    [{ field: 'Idempotency-Key', rule: 'visible_ascii' }, 'Something that was entered does not fit'],
  ] satisfies [NonNullable<ErrorAnswer['detail']>, string][])('a refused field is named as on the page: %o', async (detail, text) => {
    const said = (await loadWords('en-US', undefined)).failure({ code: 'invalid_field', detail });
    expect(said).toContain(text);
    expect(said).toMatch(/[Nn]othing was changed/);
    expect(said).not.toMatch(/Idempotency|ASCII|future|_|\{/);
  });

  test('names of groups stand in the marks of the reader’s language, and are never read as words of ours', async () => {
    const words = await loadWords('fr-FR', undefined);
    const refused = (...names: string[]) => words.failure({ code: 'invalid_field', detail: { field: 'allowedGroups', rule: 'unknown_group', names } });
    expect(refused('suport')).toMatch(/^Groupes Jira\s: Jira n’a pas de groupe nommé «\ssuport\s»\. Rien n’a été modifié/);
    expect(refused('suport', '{names}')).toMatch(/de groupes nommés «\ssuport\s» et «\s\{names\}\s»\./);
  });

  test('whoever only looks is not told that nothing was changed', async () => {
    const words = await loadWords('en-US', undefined);
    for (const reason of ['not_agent', 'not_in_allowed_groups', 'not_admin'] as const) {
      expect(words.failure({ code: 'forbidden', detail: { reason } })).not.toMatch(/changed/);
    }
  });

  test('a code that this page does not know falls back to the server’s message', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'from_the_future' as 'not_found', message: 'Later.' })).toBe('Later.');
  });
});
