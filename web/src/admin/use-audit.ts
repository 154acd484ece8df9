/*
 * The audit log as far as it was read: the newest page by the filter, and older ones on demand. What a filter before asked for and comes late
 * is dropped.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type AuditFilter, type Failure } from '../api/client';
import type { AuditAnswer, AuditEntry } from '../api/types';

export interface Audit {
  /** Absent until the first answer. */
  entries: AuditEntry[] | undefined;
  filter: AuditFilter;
  /** There are older ones. */
  more: boolean;
  namesMissing: AuditAnswer['namesMissing'];
  failure: Failure | undefined;
  loading: boolean;
  show: (filter: AuditFilter) => void;
  older: () => void;
}

interface Known {
  entries?: AuditEntry[];
  next?: string | undefined;
  namesMissing?: AuditAnswer['namesMissing'];
}

/** Asks nothing before it is `active` for the first time. */
export function useAudit(active: boolean): Audit {
  const [filter, setFilter] = useState<AuditFilter>({});
  const [known, setKnown] = useState<Known>({});
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(false);
  const turn = useRef(0);
  const begun = useRef(false);

  const ask = useCallback(async (wanted: AuditFilter, cursor?: string) => {
    turn.current += 1;
    const mine = turn.current;
    setLoading(true);
    const answer = await api.getAudit(wanted, cursor);
    if (mine !== turn.current) return;
    setLoading(false);
    setFailure(answer.ok ? undefined : answer.failure);
    if (!answer.ok) return;
    const { entries, next, namesMissing } = answer.value;
    setKnown((old) => ({ entries: cursor === undefined ? entries : [...(old.entries ?? []), ...entries], next, namesMissing }));
  }, []);

  useEffect(() => {
    if (!active || begun.current) return;
    begun.current = true;
    void ask({});
  }, [active, ask]);

  return {
    entries: known.entries,
    filter,
    more: known.next !== undefined,
    namesMissing: known.namesMissing,
    failure,
    loading,
    show: (wanted) => {
      setFilter(wanted);
      setKnown({});
      setFailure(undefined);
      void ask(wanted);
    },
    older: () => void ask(filter, known.next),
  };
}
