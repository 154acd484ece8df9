/*
 * From an installed app to a working one: the server's address (kept by Jira, confirmed by an admin), the pairing code, and
 * afterwards whether all of it is well. The address stands first whatever went wrong, since it may be what is wrong.
 */
import { useRef, useState } from 'react';
import { Loading } from '../ui/loading';
import { Problem } from '../ui/problem';
import { Health } from './health';
import { Paired, Pairing } from './pairing';
import { ServerAddress } from './server-address';
import { SetAside } from './set-aside';
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
      {/* Beside a Jira Data Center the page comes from the server itself. */}
      {!settings.saved?.installation.configured && <ServerAddress server={server} onChanged={startAnew} />}
      {/* Without an address nobody was asked, so nothing failed. */}
      {server.address.kind !== 'none' && <Answer settings={settings} moved={moved} />}
    </div>
  );
}

/** `moved`: the address was given a moment ago, so pairing is what comes next. */
function Answer({ settings: { saved, failure, loading, reload }, moved }: { settings: Settings; moved: boolean }) {
  // Once it was there it stays: what became of the last try is said in it.
  const somethingRests = useRef(false);
  const [anew, setAnew] = useState(false);
  if (saved?.health.some(({ check, ok }) => check === 'work' && !ok)) somethingRests.current = true;
  if (saved) {
    return (
      <>
        <Paired installation={saved.installation} anew={anew} onUnpaired={reload} />
        <Health lines={saved.health} installation={saved.installation} />
        {somethingRests.current && <SetAside onRetried={() => void reload()} />}
      </>
    );
  }
  if (!failure) return <Loading />;
  const paired = async (foundAgain: boolean) => {
    setAnew(foundAgain);
    await reload();
  };
  if (failure.code === 'not_paired') return <Pairing onPaired={paired} focus={moved} />;
  return <Problem failure={failure} retrying={loading} onRetry={() => void reload()} />;
}
