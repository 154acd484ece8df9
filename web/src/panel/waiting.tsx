/* The panel before its first answer: where things will stand, and after a while what is waited for. Nothing in it moves. */
import { useEffect, useState } from 'react';
import { useWords } from '../ui/words';

const kPatienceMs = 4_000;

export function Waiting() {
  const words = useWords();
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = window.setTimeout(() => setLong(true), kPatienceMs);
    return () => window.clearTimeout(timer);
  }, []);
  return (
    <div className="waiting">
      <div role="status" className={long ? 'quiet' : 'visually-hidden'}>
        {words.say(long ? 'panel.waiting' : 'common.loading')}
      </div>
      <div className="waiting-rows" aria-hidden="true">
        {[1, 2, 3].map((row) => (
          <div key={row} className="waiting-row">
            <span className="waiting-picture" />
            <span className="waiting-lines">
              <span className="waiting-line waiting-name" />
              <span className="waiting-line" />
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
