import { useCallback, useState } from 'react';

const kKey = 'belay.put-away';
// More than anybody has not made; so that it does not grow for ever.
const kMost = 200;

/** A browser may keep nothing for a frame: then it holds for as long as the panel is open. */
function kept(): string[] {
  try {
    const ids: unknown = JSON.parse(localStorage.getItem(kKey) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

function keep(ids: string[]): void {
  try {
    localStorage.setItem(kKey, JSON.stringify(ids));
  } catch {
    return;
  }
}

export interface PutAway {
  isAway: (id: string) => boolean;
  putAway: (id: string) => void;
  /** All of them are to be seen again, until the panel is opened anew. */
  takeOut: () => void;
}

/** The sessions that the reader put away, in this browser: nobody else is told. */
export function usePutAway(): PutAway {
  const [away, setAway] = useState(() => new Set(kept()));
  const putAway = useCallback((id: string) => {
    keep([...kept().filter((other) => other !== id), id].slice(-kMost));
    setAway((old) => new Set([...old, id]));
  }, []);
  const takeOut = useCallback(() => setAway(new Set()), []);
  return { isAway: (id) => away.has(id), putAway, takeOut };
}
