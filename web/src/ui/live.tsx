/*
 * One polite live region a page. `announce` says a sentence to screen readers without touching focus or layout.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

// Long enough to be read out; afterwards nobody who walks through the page should meet old news.
const kForgetMs = 10_000;

type Announce = (sentence: string) => void;

const Context = createContext<Announce>(() => undefined);

export function LiveRegion({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ sentence: string; turn: number }>({ sentence: '', turn: 0 });
  const announce = useCallback<Announce>((sentence) => setSaid(({ turn }) => ({ sentence, turn: turn + 1 })), []);
  useEffect(() => {
    if (said.sentence === '') return undefined;
    const timer = window.setTimeout(() => setSaid(({ turn }) => ({ sentence: '', turn })), kForgetMs);
    return () => window.clearTimeout(timer);
  }, [said]);
  const region = useMemo(
    () => (
      <div className="visually-hidden" role="status" aria-live="polite">
        {/* A new element each time: the same sentence twice is read twice. */}
        <span key={said.turn}>{said.sentence}</span>
      </div>
    ),
    [said],
  );
  return (
    <Context.Provider value={announce}>
      {children}
      {region}
    </Context.Provider>
  );
}

export const useAnnounce = (): Announce => useContext(Context);

/** Announces what comes by itself, when it comes and when it becomes another; what is there from the start is no news. */
export function useNews(sentence: string): void {
  const announce = useAnnounce();
  const before = useRef<string>();
  useEffect(() => {
    if (before.current !== undefined && sentence !== '' && sentence !== before.current) announce(sentence);
    before.current = sentence;
  }, [sentence, announce]);
}

/** Whoever does not see what was asked for change hears of it; nothing is said while it is awaited (`undefined`), nor when the page opens. */
export function useNewsOf(sentence: string | undefined): void {
  const announce = useAnnounce();
  const opened = useRef(false);
  useEffect(() => {
    if (sentence === undefined) return;
    if (opened.current) announce(sentence);
    opened.current = true;
  }, [sentence, announce]);
}

/** Says what is missing or old when that begins, and again when the reader asked and it is still so; not with every answer that moves a time. */
export function useNewsOfDoubts(lines: string[], refreshing: boolean): void {
  const announce = useAnnounce();
  const before = useRef<{ count: number; refreshing: boolean }>();
  useEffect(() => {
    const old = before.current;
    before.current = { count: lines.length, refreshing };
    if (!old || lines.length === 0 || refreshing) return;
    if (lines.length > old.count || old.refreshing) announce(lines.join(' '));
  });
}
