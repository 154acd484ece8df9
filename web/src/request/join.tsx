/*
 * The way into a session: one large button. The page that it opens is the provider's, in a new tab; Jira asks before, and the customer may
 * stay. What came of the press is said below it, for as long as the session stands as it did.
 */
import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { useAnnounce } from '../ui/live';
import { openElsewhere } from '../ui/open-elsewhere';
import { useWords } from '../ui/words';

interface JoinProps {
  link: string;
  /** They are in already, and may have closed the page: then it is a quiet way back. */
  again?: boolean;
}

export function Join({ link, again = false }: JoinProps) {
  const words = useWords();
  const announce = useAnnounce();
  const [said, setSaid] = useState<string>();
  const provider = words.say('provider.teamviewer');
  const label = again ? words.say('request.join_again', { provider }) : words.say('request.join');
  const press = async () => {
    const went = await openElsewhere(link);
    const sentence = went ? words.say('request.opened', { provider, join: label }) : words.say('request.stayed', { join: label });
    setSaid(sentence);
    announce(sentence);
  };
  return (
    <div className="stack">
      <div className={again ? undefined : 'request-join'}>
        <Button appearance={again ? 'default' : 'primary'} shouldFitContainer={!again} onClick={() => void press()}>
          {label}
        </Button>
      </div>
      {said && <p>{said}</p>}
    </div>
  );
}
