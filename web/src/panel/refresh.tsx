/* Asks anew, at the head of the panel: as small as it is needed seldom. */
import { IconButton } from '@atlaskit/button/new';
import RefreshIcon from '@atlaskit/icon/core/refresh';
import { forwardRef } from 'react';
import { useWords } from '../ui/words';
import type { PanelState } from './use-panel';

export const Refresh = forwardRef<HTMLButtonElement, { state: PanelState }>(function Refresh({ state }, ref) {
  const words = useWords();
  return <IconButton ref={ref} icon={RefreshIcon} label={words.say('common.refresh')} appearance="subtle" spacing="compact" isLoading={state.refreshing} onClick={state.refresh} />;
});
