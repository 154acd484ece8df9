import { describe, expect, test } from 'vitest';
import { beginOf, dayAfter, dayOf, zoneName } from './zone';

describe('days in a time zone', () => {
  test('begin when they begin there', () => {
    expect(beginOf('2026-03-02', 'UTC')).toBe('2026-03-02T00:00:00Z');
    expect(beginOf('2026-03-02', 'Europe/Paris')).toBe('2026-03-01T23:00:00Z');
    expect(beginOf('2026-07-02', 'Europe/Paris')).toBe('2026-07-01T22:00:00Z');
    expect(beginOf('2026-03-02', 'Asia/Kolkata')).toBe('2026-03-01T18:30:00Z');
    expect(beginOf('2026-03-02', 'America/New_York')).toBe('2026-03-02T05:00:00Z');
  });

  test('also on the days on which clocks are changed', () => {
    expect(beginOf('2026-03-29', 'Europe/Paris')).toBe('2026-03-28T23:00:00Z');
    expect(beginOf('2026-03-30', 'Europe/Paris')).toBe('2026-03-29T22:00:00Z');
    expect(beginOf('2026-10-25', 'Europe/Paris')).toBe('2026-10-24T22:00:00Z');
    expect(beginOf('2026-10-26', 'Europe/Paris')).toBe('2026-10-25T23:00:00Z');
    // Here clocks go from 23:59 to 01:00: the day has no midnight.
    expect(beginOf('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00:00Z');
  });

  test('are named as their own calendar has them', () => {
    const time = Date.parse('2026-03-01T23:30:00Z');
    expect(dayOf(time, 'Europe/Paris')).toBe('2026-03-02');
    expect(dayOf(time, 'America/New_York')).toBe('2026-03-01');
    expect(dayAfter('2026-02-28')).toBe('2026-03-01');
    expect(dayAfter('2026-12-31')).toBe('2027-01-01');
  });

  test('the zone is named in the reader’s language', () => {
    expect(zoneName('en-US', 'Europe/Paris')).toBe('Central European Time');
    expect(zoneName('fr-FR', 'Europe/Paris')).toMatch(/Europe centrale/);
  });
});
