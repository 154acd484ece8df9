/*
 * The way to the provider's consent page: in a tab of its own, which comes back to this page. Jira asks first; declining leaves everything as it is.
 */
import { useState } from 'react';
import { api, type Failure } from '../api/client';
import type { AccountAccess } from '../api/types';
import { useAnnounce } from '../ui/live';
import { openElsewhere } from '../ui/open-elsewhere';
import { useWords } from '../ui/words';

export interface Consent {
  busy: boolean;
  failure: Failure | undefined;
  ask: () => Promise<void>;
}

/** `onGone`: whether the provider's page was opened. */
export function useConsent(access: AccountAccess, onGone: (gone: boolean) => void): Consent {
  const words = useWords();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const ask = async () => {
    setBusy(true);
    onGone(false);
    setFailure(undefined);
    const answer = await api.startAccount(access);
    if (!answer.ok) {
      setBusy(false);
      return setFailure(answer.failure);
    }
    const went = await openElsewhere(answer.value.url);
    setBusy(false);
    onGone(went);
    if (went) announce(words.say('account.go_on'));
  };
  return { busy, failure, ask };
}
