import { useState } from 'react';
import { useAnnounce } from './live';
import { useWords } from './words';
import './when.css';

interface WhenProps {
  iso: string;
  /** The relative or short form that is shown first. */
  children: string;
  /** What the exact time means, for example “Valid until {time}”. */
  meaning: (exact: string) => string;
}

/** A time at a glance. The exact one is its tooltip, and for whoever has no mouse it comes in its place when pressed. */
export function When({ iso, children, meaning }: WhenProps) {
  const words = useWords();
  const announce = useAnnounce();
  const [exact, setExact] = useState(false);
  const said = meaning(words.exact(iso));
  const press = () => {
    announce(exact ? children : said);
    setExact(!exact);
  };
  return (
    <button type="button" className="when" title={exact ? children : said} onClick={press}>
      <time dateTime={iso}>{exact ? said : children}</time>
    </button>
  );
}
