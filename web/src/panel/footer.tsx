/*
 * The end of the panel: what is not known at the moment, and since when; and, where that can help, the button that asks again.
 */
import Button from '@atlaskit/button/new';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { Missing, Panel } from '../api/types';
import { useNewsOfDoubts } from '../ui/live';
import { useWords, type Words } from '../ui/words';
import type { PanelState } from './use-panel';

/** Asking again is no remedy: an issue with too many people stays one, and whoever has to connect is told so above. */
const kLasting: ReadonlySet<Missing['why']> = new Set(['too_many_people', 'link_expired', 'not_linked']);

/** `refresher`: the button that stays when this one goes. */
export function Footer({ state, panel, refresher }: { state: PanelState; panel: Panel; refresher: RefObject<HTMLElement> }) {
  const words = useWords();
  const { failure, doubt, receivedAt, refresh, refreshing } = state;
  const { missing } = panel;
  const passing = failure !== undefined || doubt !== undefined || missing.some(({ why }) => !kLasting.has(why));
  const lines = missingLines(panel, words);
  const old = failure ? [failure.code === 'local.no_server' ? words.say('panel.no_answer') : words.failure(failure)] : reasonsOf(doubt ?? [], words);
  if (old.length > 0) lines.push([...old, words.say('common.stale', { time: words.clock(new Date(receivedAt).toISOString()) })].join(' '));
  useNewsOfDoubts(lines, refreshing);
  const again = useRef<HTMLButtonElement>(null);
  // Asked before it may go.
  const had = again.current !== null && document.activeElement === again.current;
  useLayoutEffect(() => {
    if (!passing && had) refresher.current?.focus({ preventScroll: true });
  });
  return (
    <footer className="footer">
      <div className="footer-lines">
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {passing && (
        <Button ref={again} spacing="compact" isLoading={refreshing} onClick={refresh}>
          {words.say('common.try_again')}
        </Button>
      )}
    </footer>
  );
}

/** Each reason once. */
export const reasonsOf = (missing: Missing[], words: Words): string[] => [...new Set(missing.map(({ why }) => words.reason({ code: why })))];

/** One line for each reason, with all that it concerns. */
function missingLines({ missing, viewer }: Panel, words: Words): string[] {
  const concerned = new Map<string, string[]>();
  for (const one of missing) {
    // Why, and what to do about it, stands in place of the people.
    const reason = !viewer.linked && (one.why === 'link_expired' || one.why === 'not_linked') ? '' : words.reason({ code: one.why });
    concerned.set(reason, [...(concerned.get(reason) ?? []), aboutOf(one, words)]);
  }
  return [...concerned].map(([reason, about]) => [reason, ...about].filter(Boolean).join(' '));
}

/** A newer server may know a word that this page does not: then the reason is said alone. */
function aboutOf({ what, asOf, shown }: Missing, words: Words): string {
  const key = `panel.missing.${what}`;
  const said = shown !== undefined ? words.find(key, { count: shown }) : asOf ? words.find(key, { time: words.clock(asOf) }) : words.find(`${key}.unknown`);
  return said ?? '';
}
