import { useEffect, useRef } from 'react';
import type { Session } from '../api/types';
import { useAnnounce } from '../ui/live';
import { useWords } from '../ui/words';

/** Says new sessions, new states, finished steps and their failures to screen readers; the first list is not news. */
export function useChanges(sessions: Session[]): void {
  const words = useWords();
  const announce = useAnnounce();
  const before = useRef<Map<string, Session>>();
  useEffect(() => {
    const known = before.current;
    before.current = new Map(sessions.map((session) => [session.id, session]));
    if (!known) return;
    const news = sessions.flatMap((session) => {
      const code = session.code ?? words.say('session.no_code');
      const old = known.get(session.id);
      if (!old) return [session.code ? words.say('live.session_new', { code }) : words.say('live.session_new.no_code')];
      const said: string[] = [];
      for (const step of ['session', 'invitation'] as const) {
        const is = session.steps[step];
        if (is !== old.steps[step] && is !== 'none') said.push(words.say('live.step', { code, step: words.say(`step.${step}.${is}`) }));
      }
      if (session.state !== old.state && session.state !== 'open') said.push(words.say('live.session_state', { code, state: words.say(`state.${session.state}`) }));
      const { error } = session;
      if (error && (error.code !== old.error?.code || error.outcome !== old.error.outcome)) said.push(words.say('live.step', { code, step: words.failure(error) }));
      return said;
    });
    if (news.length > 0) announce(news.map((sentence) => sentence.replace(/\.$/, '')).join('. '));
  }, [sessions, words, announce]);
}
