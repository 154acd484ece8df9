import Button from '@atlaskit/button/new';
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAnswer } from '../api/types';
import { useAnnounce } from './live';
import { Problem } from './problem';
import { licenceReason } from './licence-words';
import { useWords } from './words';

/** Asks the provider for the licence now: by itself the server does so once a day. Says what came of it when that is the same as before. */
export function LookAgain({ onAnswer }: { onAnswer: (account: AccountAnswer) => void }) {
  const words = useWords();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const [said, setSaid] = useState<string>();
  const look = async () => {
    setBusy(true);
    setFailure(undefined);
    setSaid(undefined);
    const answer = await api.checkAccount();
    setBusy(false);
    if (!answer.ok) return setFailure(answer.failure);
    const { licence, provider } = answer.value;
    if (licence && !licence.eligible) {
      const text = words.say('licence.still', { reason: licenceReason(words, licence, words.say(`provider.${provider}`)) });
      setSaid(text);
      announce(text);
    }
    onAnswer(answer.value);
  };
  return (
    <div className="stack">
      <div>
        <Button spacing="compact" isLoading={busy} onClick={() => void look()}>
          {words.say('licence.look_again')}
        </Button>
      </div>
      {said && <p className="quiet">{said}</p>}
      {failure && <Problem failure={failure} />}
    </div>
  );
}
