/*
 * The figures of a time. What a filter before asked for and comes late is dropped. Who and what there is to choose from is remembered of every
 * answer: a filter must not take its own choice away.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { api, type Failure, type ReportsFilter } from '../api/client';
import type { NamedAccount, ReportsAnswer } from '../api/types';

export interface Reports {
  /** Absent until it has come. */
  answer: ReportsAnswer | undefined;
  filter: ReportsFilter;
  agents: NamedAccount[];
  projects: string[];
  failure: Failure | undefined;
  loading: boolean;
  show: (filter: ReportsFilter) => void;
}

/** Asks for what `first` says, until something else is wished for. */
export function useReports(first: () => ReportsFilter): Reports {
  const [filter, setFilter] = useState<ReportsFilter>({});
  const [answer, setAnswer] = useState<ReportsAnswer>();
  const [agents, setAgents] = useState<NamedAccount[]>([]);
  const [projects, setProjects] = useState<string[]>([]);
  const [failure, setFailure] = useState<Failure>();
  const [loading, setLoading] = useState(true);
  const turn = useRef(0);

  const show = useCallback(async (wanted: ReportsFilter) => {
    turn.current += 1;
    const mine = turn.current;
    setFilter(wanted);
    setAnswer(undefined);
    setFailure(undefined);
    setLoading(true);
    const came = await api.getReports(wanted);
    if (mine !== turn.current) return;
    setLoading(false);
    if (!came.ok) return setFailure(came.failure);
    const { choices } = came.value;
    setAnswer(came.value);
    setAgents((known) => [...new Map([...known, ...choices.agents].map((agent) => [agent.id, agent])).values()]);
    setProjects((known) => [...new Set([...known, ...choices.projects])].sort());
  }, []);

  const asked = useRef(first);
  useEffect(() => void show(asked.current()), [show]);

  return { answer, filter, agents, projects, failure, loading, show: (wanted) => void show(wanted) };
}
