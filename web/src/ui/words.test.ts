import { describe, expect, test } from 'vitest';
import { loadWords } from './words';

const kMinute = 60_000;

describe('words', () => {
  test('the language follows the reader’s locale, English where there is none of ours', async () => {
    expect((await loadWords('fr-FR', undefined)).language).toBe('fr');
    expect((await loadWords('fr_CA', undefined)).locale).toBe('fr-CA');
    expect((await loadWords('de-DE', undefined)).language).toBe('en');
    expect((await loadWords('not a locale', 'not/a/zone')).say('common.cancel')).toBe('Cancel');
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

  test('what has passed is over', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.left('2026-03-02T10:00:00Z', Date.parse('2026-03-02T10:00:00Z'))).toBe('over');
  });
});

describe('failures in words', () => {
  test('name what the answer carries, the state in the reader’s language', async () => {
    const words = await loadWords('fr-FR', undefined);
    expect(words.failure({ code: 'invalid_state', detail: { state: 'closed' } })).toContain('« Fermée »');
  });

  test('a reason of “forbidden” has its own words', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'forbidden', detail: { reason: 'own_session' } })).toContain('You are the customer');
  });

  test('the other side’s own words are added as a quotation', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'provider_refused', detail: { provider: 'TeamViewer', said: 'group not found' } })).toContain('It said: “group not found”.');
  });

  test('a code that this page does not know falls back to the server’s message', async () => {
    const words = await loadWords('en-US', undefined);
    expect(words.failure({ code: 'from_the_future' as 'not_found', message: 'Later.' })).toBe('Later.');
  });
});
