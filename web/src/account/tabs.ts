/*
 * The provider's page comes in a tab of its own, and returns there. What became of it is told to the page that waits in the first one:
 * both are pages of this app in one browser. Where a browser keeps them apart nothing arrives; the one that waits asks the server as well.
 */
import { useEffect, useRef } from 'react';

const kChannel = 'belay-account';

/** `code`: why nothing came of it. Without one it was answered here, with yes or no. */
export interface Ending {
  code?: string;
}

export function tellOtherTabs(ending: Ending): void {
  if (typeof BroadcastChannel === 'undefined') return;
  const channel = new BroadcastChannel(kChannel);
  channel.postMessage(ending);
  channel.close();
}

export function useOtherTabs(waiting: boolean, onEnding: (ending: Ending) => void): void {
  const latest = useRef(onEnding);
  latest.current = onEnding;
  useEffect(() => {
    if (!waiting || typeof BroadcastChannel === 'undefined') return undefined;
    const channel = new BroadcastChannel(kChannel);
    channel.onmessage = ({ data }: MessageEvent<Ending>) => latest.current(typeof data?.code === 'string' && /^[a-z_]{1,64}$/.test(data.code) ? { code: data.code } : {});
    return () => channel.close();
  }, [waiting]);
}
