/* The reader's own sessions, as they stand now. */
import { api } from '../api/client';
import type { Session, SessionsAnswer } from '../api/types';
import { usePolled, type Polled } from '../ui/use-polled';

export interface Mine extends Omit<Polled<SessionsAnswer>, 'answer'> {
  sessions: Session[] | undefined;
  /** There are older ones, which are over. */
  cut: boolean;
}

export function useMine(): Mine {
  const { answer, ...rest } = usePolled(api.getMySessions);
  return { sessions: answer?.sessions, cut: answer?.cut ?? false, ...rest };
}
