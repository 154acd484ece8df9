import type { EraseProgress } from '../api/types';
import { useWords } from '../ui/words';

/** How far an erase is, in figures too. */
export function Erasing({ progress: { erased, toErase } }: { progress: EraseProgress }) {
  const words = useWords();
  return (
    <div className="actions">
      <progress className="progress" aria-label={words.say('data.erasing')} max={Math.max(toErase, 1)} value={erased} />
      <span>{words.say('data.erasing_progress', { count: erased, total: toErase })}</span>
    </div>
  );
}
