/*
 * The end of the panel: what is not known at the moment, and since when; and the button that asks again. It is one button whatever it
 * is called, so that focus stays on it.
 */
import Button from '@atlaskit/button/new';
import RefreshIcon from '@atlaskit/icon/core/refresh';
import { useEffect, useRef } from 'react';
import type { Missing } from '../api/types';
import { useAnnounce } from '../ui/live';
import { useWords, type Words } from '../ui/words';
import type { PanelState } from './use-panel';

export function Footer({ state, missing }: { state: PanelState; missing: Missing[] }) {
  const words = useWords();
  const { failure, doubt, receivedAt, refresh, refreshing } = state;
  // An issue with too many people stays one: asking again is no remedy.
  const passing = failure !== undefined || missing.some(({ why }) => why !== 'too_many_people');
  const lines = missingLines(missing, words);
  const old = failure ? [words.failure(failure)] : reasonsOf(doubt ?? [], words);
  if (old.length > 0) lines.push([...old, words.say('panel.stale', { time: words.clock(new Date(receivedAt).toISOString()) })].join(' '));
  useNews(lines, refreshing);
  return (
    <footer className="footer">
      <div className="footer-lines">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <Button
        appearance={passing ? 'default' : 'subtle'}
        spacing="compact"
        iconBefore={RefreshIcon}
        isLoading={refreshing}
        onClick={refresh}
      >
        {words.say(passing ? 'common.try_again' : 'common.refresh')}
      </Button>
    </footer>
  );
}

/** Each reason once. */
export const reasonsOf = (missing: Missing[], words: Words): string[] => [...new Set(missing.map(({ why }) => words.reason({ code: why })))];

/** One line for each reason, with all that it concerns. */
function missingLines(missing: Missing[], words: Words): string[] {
  const concerned = new Map<string, string[]>();
  for (const { what, why, asOf, shown } of missing) {
    const reason = words.reason({ code: why });
    const key = `panel.missing.${what}`;
    const about = shown !== undefined ? words.find(key, { count: shown }) : asOf ? words.find(key, { time: words.clock(asOf) }) : words.find(`${key}.unknown`);
    // A newer server may know a word that this page does not: then the reason is said alone.
    concerned.set(reason, [...(concerned.get(reason) ?? []), ...(about === undefined ? [] : [about])]);
  }
  return [...concerned].map(([reason, about]) => [reason, ...about].join(' '));
}

/** Says what is missing when that begins, and again when the reader asked and it is still so; not with every answer that moves a time. */
function useNews(lines: string[], refreshing: boolean): void {
  const announce = useAnnounce();
  const before = useRef<{ count: number; refreshing: boolean }>();
  useEffect(() => {
    const old = before.current;
    before.current = { count: lines.length, refreshing };
    if (!old || lines.length === 0 || refreshing) return;
    if (lines.length > old.count || old.refreshing) announce(lines.join(' '));
  });
}
