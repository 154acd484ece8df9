/*
 * Why there is no panel: nothing came, or what came is that the reader may see nothing of this issue. Forge has one rejection for a server
 * that is away, for none that was ever named, and for a reader whom Jira keeps out; so nobody is accused, and where Jira says that no
 * address was set, which it tells admins, that is said.
 */
import { useEffect, useState } from 'react';
import type { Failure } from '../api/client';
import { useAnnounce } from '../ui/live';
import { Problem } from '../ui/problem';
import { useWords, type Words } from '../ui/words';

interface ShutProps {
  failure: Failure;
  onRetry: () => void;
  retrying: boolean;
  /** It came by itself, to a panel that was open. */
  arrived: boolean;
}

export function Shut({ failure, onRetry, retrying, arrived }: ShutProps) {
  const words = useWords();
  const announce = useAnnounce();
  const unset = useUnset(failure.code === 'local.no_server');
  const text = unset ? words.say('panel.not_set_up') : wordsOf(failure, words);
  useEffect(() => {
    if (arrived) announce(text);
  }, [arrived, text, announce]);
  return <Problem failure={failure} text={text} arrived={arrived} retrying={retrying} onRetry={onRetry} />;
}

function wordsOf(failure: Failure, words: Words): string {
  if (failure.code === 'local.no_server') return words.say('panel.unreached');
  if (failure.code === 'not_found') return words.say('panel.gone');
  return words.failure(failure);
}

/** True once Jira said that this site has no server for Belay. */
function useUnset(wanted: boolean): boolean {
  const [unset, setUnset] = useState(false);
  useEffect(() => {
    if (!wanted) return undefined;
    let mounted = true;
    void import('../ui/remote').then(async ({ addressInJira }) => {
      const { kind } = await addressInJira();
      if (mounted) setUnset(kind === 'none');
    });
    return () => {
      mounted = false;
    };
  }, [wanted]);
  return wanted && unset;
}
