import { useWords } from './words';

interface WhenProps {
  iso: string;
  /** The relative or short form that is shown; the exact time is the tooltip. */
  children: string;
  /** What the exact time means, for example “Valid until {time}”. */
  meaning?: (exact: string) => string;
}

export function When({ iso, children, meaning }: WhenProps) {
  const words = useWords();
  const exact = words.exact(iso);
  return (
    <time dateTime={iso} title={meaning ? meaning(exact) : exact}>
      {children}
    </time>
  );
}
