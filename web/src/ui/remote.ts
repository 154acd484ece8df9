import { permissions } from '@forge/bridge';

/** The remote of forge/manifest.yml that admins point at their own server. */
export const kRemote = 'belay-server';

/** `unknown`: Jira did not say. It tells admins. */
export type AddressInJira = { kind: 'none' | 'unknown' } | { kind: 'set'; origin: string };

/** Where Jira sends the app's calls. */
export async function addressInJira(): Promise<AddressInJira> {
  try {
    const { results } = await permissions.remote.get({ keys: [kRemote] });
    const origin = results.find(({ key }) => key === kRemote)?.configured?.endpoint;
    return origin ? { kind: 'set', origin } : { kind: 'none' };
  } catch {
    return { kind: 'unknown' };
  }
}
