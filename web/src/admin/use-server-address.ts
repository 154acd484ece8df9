/*
 * Which server Jira sends the app's calls to. Jira keeps it, not Belay: a wrong one has to be mended while no server answers.
 */
import { permissions } from '@forge/bridge';
import { useCallback, useEffect, useState } from 'react';

/** The remote of forge/manifest.yml that admins point at their own server. */
const kRemote = 'belay-server';

/** `unknown`: Jira did not say. */
export type Address = { kind: 'loading' | 'none' | 'unknown' } | { kind: 'set'; origin: string };

export interface ServerAddress {
  address: Address;
  /** Jira asks the admin. False when it, or the admin, did not accept. */
  use: (origin: string) => Promise<boolean>;
}

export function useServerAddress(): ServerAddress {
  const [address, setAddress] = useState<Address>({ kind: 'loading' });

  useEffect(() => {
    let mounted = true;
    void present().then((found) => {
      if (mounted) setAddress((old) => (old.kind === 'loading' ? found : old));
    });
    return () => {
      mounted = false;
    };
  }, []);

  const use = useCallback(async (origin: string) => {
    try {
      await permissions.remote.set({ remotes: [{ key: kRemote, configured: { endpoint: origin } }] });
    } catch {
      return false;
    }
    setAddress({ kind: 'set', origin });
    return true;
  }, []);

  return { address, use };
}

async function present(): Promise<Address> {
  try {
    const { results } = await permissions.remote.get({ keys: [kRemote] });
    const origin = results.find(({ key }) => key === kRemote)?.configured?.endpoint;
    return origin ? { kind: 'set', origin } : { kind: 'none' };
  } catch {
    return { kind: 'unknown' };
  }
}

/** An origin: https, or plain http for a server on this very machine. Undefined when it is none. */
export function originOf(typed: string): string | undefined {
  const text = typed.trim();
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search, hash, username } = new URL(text);
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
  const bare = pathname === '/' && search === '' && hash === '' && username === '';
  return bare && (protocol === 'https:' || (protocol === 'http:' && loopback)) ? origin : undefined;
}
