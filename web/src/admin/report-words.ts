/* How the figures of reports are said. What is not known is said so, and never as zero. */
import type { ReportFigures } from '../api/types';
import type { Words } from '../ui/words';

export type Spread = NonNullable<ReportFigures['waiting']>;

/** Seconds as people read them: `40 s`, `3 min`, `2 h 05`. */
export const lengthWords = (words: Words, seconds: number | undefined): string => (seconds === undefined ? words.say('reports.unknown') : words.age(seconds));

export const ratingWords = (words: Words, ratings: ReportFigures['ratings']): string =>
  ratings ? words.count('reports.rated', ratings.count, { mean: words.number(ratings.mean) }) : words.say('reports.unknown');

/** For days as the API writes them, short (`Mar 2`) and whole (`Mar 2, 2026`). */
export function dayFormats(words: Words): { short: (day: string) => string; whole: (day: string) => string } {
  const short = new Intl.DateTimeFormat(words.locale, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  const whole = new Intl.DateTimeFormat(words.locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const at = (day: string) => new Date(`${day}T00:00:00Z`);
  return { short: (day) => short.format(at(day)), whole: (day) => whole.format(at(day)) };
}
