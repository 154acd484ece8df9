/*
 * From an installed app to a working one: the server's address (kept by Jira, confirmed by an admin), the pairing code, and
 * afterwards whether all of it is well.
 */
import type { Failure } from '../api/client';
import type { SettingsAnswer } from '../api/types';
import { Problem } from '../ui/problem';
import { Health } from './health';
import { Paired, Pairing } from './pairing';
import { ServerAddress } from './server-address';

interface SetUpProps {
  saved?: SettingsAnswer;
  failure?: Failure;
  onChanged: () => Promise<void>;
}

export function SetUp({ saved, failure, onChanged }: SetUpProps) {
  return (
    <div className="stack-wide">
      <ServerAddress onChanged={onChanged} />
      {failure?.code === 'local.no_server' && <Problem failure={failure} onRetry={() => void onChanged()} />}
      {failure?.code === 'not_paired' && <Pairing onPaired={onChanged} />}
      {saved && (
        <>
          <Paired installation={saved.installation} onUnpaired={onChanged} />
          <Health lines={saved.health} installation={saved.installation} />
        </>
      )}
    </div>
  );
}
