import Avatar from '@atlaskit/avatar';
import Lozenge from '@atlaskit/lozenge';
import type { Licence } from '../api/types';
import { licenceReason } from '../ui/licence-words';
import { useWords } from '../ui/words';

interface IdentityProps {
  name: string;
  picture?: string | undefined;
  lines?: (string | undefined)[];
}

export function Identity({ name, picture, lines = [] }: IdentityProps) {
  return (
    <div className="identity">
      <Avatar size="medium" src={picture} />
      <div className="identity-words">
        <bdi className="identity-name">{name}</bdi>
        {lines.filter(Boolean).map((line) => (
          <bdi key={line} className="quiet">
            {line}
          </bdi>
        ))}
      </div>
    </div>
  );
}

export function LicenceMark({ licence }: { licence: Licence }) {
  const words = useWords();
  return (
    <div className="actions">
      <span>{licence.type ?? words.say('licence.unnamed')}</span>
      <Lozenge appearance={licence.eligible ? 'success' : 'moved'}>{words.say(licence.eligible ? 'licence.eligible' : 'licence.not_eligible')}</Lozenge>
    </div>
  );
}

/** The mark, and why it is not what it should be. */
export function LicenceLine({ licence, provider }: { licence: Licence; provider: string }) {
  const words = useWords();
  return (
    <div className="stack">
      <LicenceMark licence={licence} />
      {!licence.eligible && <p className="quiet">{licenceReason(words, licence, provider)}</p>}
    </div>
  );
}
