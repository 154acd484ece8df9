/*
 * Days in a time zone. A browser knows the offset of any zone at any moment, and nothing that goes the other way: the begin of a day is
 * looked for. `zone`: an IANA name, or undefined for the browser's own. A day is written as in an <input type="date">: 2026-03-29.
 */
type Zone = string | undefined;

const kMinute = 60_000;

function parts(time: number, zone: Zone): Record<string, number> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  return Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
}

/** How far the zone's clocks are ahead of UTC then, in milliseconds. */
function offset(time: number, zone: Zone): number {
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts(time, zone);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

export function dayOf(time: number, zone: Zone): string {
  const { year = 0, month = 1, day = 1 } = parts(time, zone);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** Its first moment, as the API writes times. Where clocks are put forward at midnight the day begins later. */
export function beginOf(day: string, zone: Zone): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const guess = midnight - offset(midnight, zone);
  let begin = midnight - offset(guess, zone);
  while (dayOf(begin, zone) < day) begin += 15 * kMinute;
  return new Date(begin).toISOString().replace('.000Z', 'Z');
}

export const dayAfter = (day: string): string => daysLater(day, 1);

/** Or earlier, with a negative number. */
export function daysLater(day: string, days: number): string {
  const then = new Date(`${day}T00:00:00Z`);
  then.setUTCDate(then.getUTCDate() + days);
  return then.toISOString().slice(0, 10);
}

/** How many there are from one to the other, both counted. */
export const daysBetween = (first: string, last: string): number => (Date.parse(last) - Date.parse(first)) / (24 * 60 * kMinute) + 1;

export function zoneName(locale: string, zone: Zone): string {
  const named = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(Date.now());
  return named.find(({ type }) => type === 'timeZoneName')?.value ?? zone ?? 'UTC';
}
