/*
 * A refusal that stands on a person's row. It tells how things stood: once the person stands elsewhere, it goes for good, unless that is just
 * what it said.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Failure } from '../api/client';
import type { IssuePerson } from '../api/types';

type Standing = IssuePerson['standing'];

interface Refusal {
  refused: Failure | undefined;
  /** Absent: takes it away. */
  refuse: (failure?: Failure) => void;
}

export function useRefusal(standing: Standing): Refusal {
  const [said, setSaid] = useState<{ failure: Failure; standing: Standing }>();
  // An answer may come after they have changed: it is about how they stand when it comes.
  const latest = useRef(standing);
  latest.current = standing;
  useEffect(() => {
    setSaid((old) => {
      if (!old || old.standing === standing) return old;
      return saysItself(old.failure, standing) ? { ...old, standing } : undefined;
    });
  }, [standing]);

  const refuse = useCallback((failure?: Failure) => setSaid(failure && { failure, standing: latest.current }), []);
  const holds = said && (said.standing === standing || saysItself(said.failure, standing));
  return { refused: holds ? said.failure : undefined, refuse };
}

/** The server knew more than the panel did, which learns it with its next question. */
function saysItself({ code, detail }: Failure, standing: Standing): boolean {
  if (code === 'contact_gone') return standing === 'not_contact';
  if (code === 'address_not_shared' || code === 'address_not_usable') return standing === 'address_not_shared';
  return code === 'not_reachable' && detail?.standing === standing;
}
