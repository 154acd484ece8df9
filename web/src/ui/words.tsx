/*
 * The reader's words and times. Sentences live in i18n/*.json and nowhere in code; `Key` is made from the English file, so a
 * key that does not exist does not compile.
 */
import { createContext, useContext, type ReactNode } from 'react';
import type { Failure } from '../api/client';
import type { Language } from '../api/types';
import type english from '../../../i18n/en.json';
import { failureWords, reasonWords } from './failure-words';
import { beginOf, dayOf, zoneName } from './zone';

export type Key = keyof typeof english;
export type Parameters = Readonly<Record<string, string | number>>;
type Catalogue = Readonly<Record<string, string>>;

/** Which Jira the page stands in. */
export type Place = 'cloud' | 'datacenter';

export type PluralBase = Key extends infer K ? (K extends `${infer Base}.one` ? Base : never) : never;

const kMinute = 60_000;
const kHour = 60 * kMinute;
const kDay = 24 * kHour;

export class Words {
  private readonly plurals: Intl.PluralRules;
  private readonly dateTime: Intl.DateTimeFormat;
  private readonly toTheSecond: Intl.DateTimeFormat;
  private readonly timeOnly: Intl.DateTimeFormat;
  private readonly numbers: Intl.NumberFormat;
  private readonly kilobytes: Intl.NumberFormat;

  /** `zone`: an IANA time zone, or undefined for the browser's own. */
  constructor(
    private readonly catalogue: Catalogue,
    readonly language: Language,
    readonly locale: string,
    private readonly zone: string | undefined,
    readonly place: Place,
  ) {
    this.plurals = new Intl.PluralRules(locale);
    this.dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: zone });
    this.toTheSecond = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: zone });
    this.timeOnly = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: zone });
    this.numbers = new Intl.NumberFormat(locale);
    this.kilobytes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
  }

  /** Numbers among the parameters are written as the reader groups them: `4,000`. */
  say = (key: Key, parameters: Parameters = {}): string => this.find(key, parameters) ?? key;

  /** For a key that is made of what the server said, and need not be there. `<key>.datacenter` stands beside a Data Center, where that is another sentence. */
  find = (key: string, parameters: Parameters = {}): string | undefined =>
    (this.catalogue[`${key}.${this.place}`] ?? this.catalogue[key])?.replace(/(?<!\{)\{([A-Za-z]+)\}(?!\})/g, (whole, name: string) => this.shown(parameters[name] ?? whole));

  private readonly shown = (value: string | number): string => (typeof value === 'number' ? this.numbers.format(value) : value);

  /** For a count: `<base>.one` or `<base>.other`, as the language has it. */
  count = (base: PluralBase, count: number, parameters: Parameters = {}): string =>
    this.say(`${base}.${this.plurals.select(count) === 'one' ? 'one' : 'other'}` as Key, { count, ...parameters });

  /** Several names in one sentence: `Ada, Robin and Kim`. */
  list = (names: readonly string[]): string => new Intl.ListFormat(this.locale, { type: 'conjunction' }).format(names);

  /** The same for what people typed: `“support” and “second line”`. */
  quoted = (texts: readonly string[]): string => this.list(texts.map((text) => this.say('common.quoted', { text })));

  exact = (iso: string): string => this.dateTime.format(new Date(iso));
  second = (iso: string): string => this.toTheSecond.format(new Date(iso));
  clock = (iso: string): string => this.timeOnly.format(new Date(iso));

  /** For somebody elsewhere, who does not know the reader's zone: with its name. `locale`: of the text that it stands in. */
  moment = (iso: string, locale = this.locale): string =>
    new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', hour: 'numeric', minute: '2-digit', timeZone: this.zone, timeZoneName: 'short' }).format(new Date(iso));

  /** The reader's time zone by its name in the reader's language, and the time at which one of their days begins: see zone.ts. */
  zoneName = (): string => zoneName(this.locale, this.zone);
  /** The same by the name that machines know it by. */
  zoneId = (): string => this.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  dayOf = (time: number): string => dayOf(time, this.zone);
  beginOf = (day: string): string => beginOf(day, this.zone);

  number = (value: number): string => this.numbers.format(value);

  /** The keys that begin so, without that beginning. */
  keysBehind = (beginning: string): string[] =>
    Object.keys(this.catalogue).filter((key) => key.startsWith(beginning)).map((key) => key.slice(beginning.length));

  /** For lists that people look through. */
  inOrder = (a: string, b: string): number => a.localeCompare(b, this.locale);

  /** A length of time as people read it at a glance: `23 h 10`, `18 min`. Milliseconds. */
  span = (milliseconds: number): string => {
    if (milliseconds < kMinute) return this.say('time.under_a_minute');
    if (milliseconds < kHour) return this.say('time.minutes', { minutes: Math.floor(milliseconds / kMinute) });
    if (milliseconds < kDay) {
      const hours = Math.floor(milliseconds / kHour);
      const minutes = Math.floor((milliseconds % kHour) / kMinute);
      return minutes === 0 ? this.say('time.hours', { hours }) : this.say('time.hours_minutes', { hours, minutes: String(minutes).padStart(2, '0') });
    }
    const days = Math.floor(milliseconds / kDay);
    const hours = Math.floor((milliseconds % kDay) / kHour);
    return hours === 0 ? this.say('time.days', { days }) : this.say('time.days_hours', { days, hours });
  };

  /** How long to wait, in whole minutes, never too short. Seconds. */
  wait = (seconds: number): string => this.span(seconds < 60 ? seconds * 1000 : Math.ceil(seconds / 60) * kMinute);

  /** Bytes as people read them: `256 kB`. */
  size = (bytes: number): string => this.kilobytes.format(bytes / 1024);

  /** How old something known is, which may be a moment only: `40 s`, `3 min`. Seconds. */
  age = (seconds: number): string => (seconds < 60 ? this.say('time.moments', { count: Math.floor(seconds) }) : this.span(seconds * 1000));

  left = (iso: string, now: number): string => {
    const rest = Date.parse(iso) - now;
    return rest <= 0 ? this.say('time.over') : this.say('time.left', { time: this.span(rest) });
  };

  ago = (iso: string, now: number): string => {
    const past = now - Date.parse(iso);
    return past < kMinute ? this.say('time.just_now') : this.say('time.ago', { time: this.span(past) });
  };

  /** Minutes as a choice in a form: `24 hours`, `7 days`. */
  duration = (minutes: number): string => {
    if (minutes >= 2880 && minutes % 1440 === 0) return this.count('duration.days', minutes / 1440);
    if (minutes >= 60 && minutes % 60 === 0) return this.count('duration.hours', minutes / 60);
    return this.count('duration.minutes', minutes);
  };

  failure = (failure: Failure): string => failureWords(this, failure);
  reason = (failure: Failure): string => reasonWords(this, failure);
}

/** A name inside a sentence keeps its direction to itself, whichever way either is written: U+2068, U+2069. */
export const isolated = (name: string): string => `\u2068${name}\u2069`;

const Context = createContext<Words | undefined>(undefined);

export function WordsProvider({ words, children }: { words: Words; children: ReactNode }) {
  return <Context.Provider value={words}>{children}</Context.Provider>;
}

export function useWords(): Words {
  const words = useContext(Context);
  if (!words) throw new Error('a component needs a WordsProvider above it');
  return words;
}

export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith('fr') ? 'fr' : 'en');

export async function loadWords(locale: string, zone: string | undefined, place: Place = 'cloud'): Promise<Words> {
  const language = languageOf(locale);
  const { default: catalogue } = await (language === 'fr' ? import('virtual:catalogue/fr') : import('virtual:catalogue/en'));
  return new Words(catalogue, language, usableLocale(locale, language), usableZone(zone), place);
}

function usableLocale(locale: string, language: Language): string {
  try {
    return Intl.getCanonicalLocales(locale.replace('_', '-'))[0] ?? language;
  } catch {
    return language;
  }
}

/* The name as Jira has it: a browser may know the same zone by an older name, which not every server knows. */
function usableZone(zone: string | undefined): string | undefined {
  if (!zone) return undefined;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format();
    return zone;
  } catch {
    return undefined;
  }
}
