import type { AccountAnswer } from '../api/types';
import { useWords } from '../ui/words';

export function Scopes({ title, scopes, provider }: { title: string; scopes: AccountAnswer['scopes']; provider: string }) {
  const words = useWords();
  return (
    <div>
      <h2 className="subheading">{title}</h2>
      <ul className="scopes">
        {scopes.map((scope) => (
          <li key={scope}>{words.say(`scope.${scope}`, { provider })}</li>
        ))}
      </ul>
    </div>
  );
}
