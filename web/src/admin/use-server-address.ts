/*
 * Which server Jira sends the app's calls to. Jira keeps it, not Belay: a wrong one has to be mended while no server answers.
 */
import { permissions } from '@forge/bridge';
import { useCallback, useEffect, useState } from 'react';
import { addressInJira, kRemote, type AddressInJira } from '../ui/remote';

export type Address = { kind: 'loading' } | AddressInJira;

export interface ServerAddress {
  address: Address;
  /** Jira asks the admin. False when it, or the admin, did not accept. */
  use: (origin: string) => Promise<boolean>;
}

export function useServerAddress(): ServerAddress {
  const [address, setAddress] = useState<Address>({ kind: 'loading' });

  useEffect(() => {
    let mounted = true;
    void addressInJira().then((found) => {
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

/** An origin: https, or plain http for a server on this very machine. Undefined when it is none. */
export function originOf(typed: string): string | undefined {
  const text = typed.trim();
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin, pathname, search, hash, username } = new URL(text);
  const loopback = hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127\./.test(hostname);
  const bare = pathname === '/' && search === '' && hash === '' && username === '';
  return bare && (protocol === 'https:' || (protocol === 'http:' && loopback)) ? origin : undefined;
}
