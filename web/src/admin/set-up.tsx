/*
 * From an installed app to a working one: the server's address (kept by Jira, confirmed by an admin), the pairing code, and
 * afterwards whether all of it is well. The address stands first whatever went wrong, since it may be what is wrong.
 */
import { useState } from 'react';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { Health } from './health';
import { Paired, Pairing } from './pairing';
import { ServerAddress } from './server-address';
import type { ServerAddress as Server } from './use-server-address';
import type { Settings } from './use-settings';

export function SetUp({ server, settings }: { server: Server; settings: Settings }) {
  const [moved, setMoved] = useState(false);
  const startAnew = async () => {
    setMoved(true);
    await settings.startAnew();
  };
  return (
    <div className="stack-wide">
      <ServerAddress server={server} onChanged={startAnew} />
      {/* Without an address nobody was asked, so nothing failed. */}
      {server.address.kind !== 'none' && <Answer settings={settings} moved={moved} />}
    </div>
  );
}

/** `moved`: the address was given a moment ago, so pairing is what comes next. */
function Answer({ settings: { saved, failure, loading, reload }, moved }: { settings: Settings; moved: boolean }) {
  if (saved) {
    return (
      <>
        <Paired installation={saved.installation} onUnpaired={reload} />
        <Health lines={saved.health} installation={saved.installation} />
      </>
    );
  }
  if (!failure) return <Loading />;
  if (failure.code === 'not_paired') return <Pairing onPaired={reload} focus={moved} />;
  return <Problem failure={failure} retrying={loading} onRetry={() => void reload()} />;
}
