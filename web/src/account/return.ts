/*
 * How the browser came back from the provider: `<personal page>/finish/<token>`, or `<personal page>/problem/<code>`. Jira tells
 * a page its own part of the address through view.createHistory(); where a host gives none, the whole address is in the
 * context, and stays as it is. From an issue the person came by `<personal page>/from/<issue key>`: that is no secret and stays, for a reload.
 */
import { view } from '@forge/bridge';

export type Return = { kind: 'none'; issue?: string } | { kind: 'finish'; token: string } | { kind: 'problem'; code: string };

export function readReturn(pathname: string, search: string): Return {
  const finish = /\/finish\/([A-Za-z0-9_-]{16,256})\/?$/.exec(pathname)?.[1] ?? new URLSearchParams(search).get('grant') ?? undefined;
  if (finish && /^[A-Za-z0-9_-]{16,256}$/.test(finish)) return { kind: 'finish', token: finish };
  const code = /\/problem\/([a-z_]{1,64})\/?$/.exec(pathname)?.[1] ?? new URLSearchParams(search).get('problem') ?? undefined;
  if (code && /^[a-z_]{1,64}$/.test(code)) return { kind: 'problem', code };
  const issue = /\/from\/([A-Z][A-Z0-9_]{1,63}-[1-9][0-9]{0,17})\/?$/.exec(pathname)?.[1];
  return issue ? { kind: 'none', issue } : { kind: 'none' };
}

/** Reads it once: the token, or the code, is out of the address as soon as it is read, so that no reload, copy or history has it. */
export async function arrive(): Promise<Return> {
  try {
    const history = await view.createHistory();
    const { pathname, search } = history.location;
    const arrival = readReturn(pathname, search);
    if (arrival.kind !== 'none') history.replace('/');
    if (arrival.kind !== 'none' || arrival.issue) return arrival;
  } catch {
    // Not every place that shows a page has a history for it.
  }
  const context = await view.getContext().catch(() => undefined);
  const location: unknown = context?.extension?.location;
  if (typeof location === 'string' && URL.canParse(location)) {
    const { pathname, search } = new URL(location);
    return readReturn(pathname, search);
  }
  return readReturn(window.location.pathname, window.location.search);
}
