import { useEffect, useRef } from 'react';
import type { IssuePerson, Session } from '../api/types';
import { useAnnounce } from '../ui/live';
import { stateOf } from '../ui/session-words';
import { useWords } from '../ui/words';
import { nameOf, standingOf } from './person-words';

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
      const { word } = stateOf(session);
      if (word !== stateOf(old).word && word !== 'state.open') said.push(words.say('live.session_state', { code, state: words.say(word) }));
      const { error } = session;
      if (error && (error.code !== old.error?.code || error.outcome !== old.error.outcome)) said.push(words.say('live.step', { code, step: words.failure(error) }));
      return said;
    });
    if (news.length > 0) announce(news.map((sentence) => sentence.replace(/\.$/, '')).join('. '));
  }, [sessions, words, announce]);
}

// More than these at once are a sentence that nobody listens to the end of.
const kMostNames = 3;

/**
 * Says who went online or away, answered an invitation, hid an address. Not who is new on the issue, which the comments say; and not that
 * nobody's presence is known any more, which the panel's end says.
 */
export function usePeopleChanges(people: IssuePerson[], provider: string): void {
  const words = useWords();
  const announce = useAnnounce();
  const before = useRef<Map<string, string>>();
  useEffect(() => {
    const known = before.current;
    const now = new Map(people.map((person) => [person.id, standingOf(person, provider, words)]));
    before.current = now;
    if (!known) return;
    const changed = people.filter(({ id, standing }) => standing !== 'unknown' && known.has(id) && known.get(id) !== now.get(id));
    if (changed.length === 0) return;
    const named = changed.map((person) => words.say('live.person', { name: nameOf(person, words), standing: now.get(person.id) ?? '' }));
    announce(changed.length > kMostNames ? words.count('live.people', changed.length) : named.join('. '));
  }, [people, provider, words, announce]);
}
