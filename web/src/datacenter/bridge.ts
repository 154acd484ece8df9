/*
 * What Forge gives the pages in Jira Cloud, beside a Jira Data Center: the one global that @forge/bridge needs. Calls go to our own server with the
 * token of whoever is signed in; where nobody is, they wait until somebody did.
 */
import { showWayBack } from './alone';
import { offerLink } from './leave';
import { folderOf, placeOf, type Place } from './place';
import { Session } from './session';
import { SignIn } from './sign-in';
import { showNobody, showWho } from './signed-in';
import { Frame, type Surroundings } from './surroundings';
import { wordsFor } from './words';

interface RemoteCall {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

interface PageLocation {
  pathname: string;
  search: string;
  hash: string;
}

const kPersonal = /^\/jira\/settings\/personal\/apps\/[^/]+\/[^/]+(\/from\/[A-Z0-9_-]+)?$/;

export function bridgeOf(place: Place, frame: Frame, session: Session) {
  const dismissed = { success: false, error: 'no answer' };
  const signIn = new SignIn(place, session);
  const say = async () => wordsFor((await surroundings()).locale);

  // Where no page of Jira's says what somebody reads there, their sign-in does.
  async function surroundings(): Promise<Surroundings> {
    const around = await frame.surroundings();
    const { account } = session;
    return frame.alone && account ? { ...around, locale: account.language || around.locale, timeZone: account.timeZone || around.timeZone } : around;
  }

  let shownTo: string | undefined;
  // The cookie is the browser's. Somebody else may sit before it by now, and Jira's page says who.
  async function isTheirs(): Promise<boolean> {
    const { user } = await frame.surroundings();
    const { account } = session;
    const theirs = !account || !user || user.toLowerCase() === account.login.toLowerCase();
    if (account && theirs) {
      shownTo = account.id;
      showWho(account, await say(), session);
    }
    return theirs;
  }

  async function bearer(): Promise<string | undefined> {
    for (;;) {
      const held = await session.token();
      if (held === 'unreachable') return undefined;
      if (held !== 'nobody' && (await isTheirs())) return held.token;
      if (held !== 'nobody' && !(await session.signOut())) return undefined;
      showNobody();
      await signIn.ask(say);
      // What stands on the page is for the eyes of whoever it was shown to.
      if (shownTo && session.account && session.account.id !== shownTo) {
        window.location.reload();
        return undefined;
      }
    }
  }

  async function invoke({ path, method = 'GET', headers = {}, body }: RemoteCall): Promise<unknown> {
    for (let tries = 0; tries < 2; tries += 1) {
      const token = await bearer();
      if (!token) return dismissed;
      const answer = await fetch(path, {
        method,
        headers: { ...headers, Authorization: `Bearer ${token}`, 'X-Belay-Page': place.page, ...(place.issue ? { 'X-Belay-Issue': place.issue.id } : {}), ...(place.project ? { 'X-Belay-Project': place.project } : {}) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch(() => undefined);
      if (!answer) return dismissed;
      const content: unknown = await answer.json().catch(() => undefined);
      // Over, or of a server that was set up anew: once more, with another.
      if (answer.status === 403 && (content as { code?: string } | undefined)?.code === 'signed_out') {
        session.forget();
        continue;
      }
      return { success: true, payload: { status: answer.status, headers: {}, body: content } };
    }
    return dismissed;
  }

  let around: Promise<void> | undefined;
  async function getContext() {
    if (frame.alone) {
      await bearer();
      around ??= say().then((words) => showWayBack(place, words));
    }
    const { locale, timeZone } = await surroundings();
    return {
      accountId: session.account?.id,
      cloudId: '',
      siteUrl: place.jira,
      locale,
      timezone: timeZone,
      localId: `ari:cloud:ecosystem::extension/datacenter/${place.site}/static/${place.page}`,
      moduleKey: `belay-${place.page}`,
      environmentId: place.site,
      environmentType: 'PRODUCTION',
      extension: { type: `datacenter:${place.page}`, ...(place.issue ? { issue: place.issue } : {}), ...(place.project ? { project: { key: place.project } } : {}) },
    };
  }

  // The tokens of both themes are in the pages' own style sheets.
  async function enableTheming() {
    const show = async () => {
      const { theme } = await frame.surroundings();
      document.documentElement.dataset.colorMode = theme;
      document.documentElement.dataset.theme = 'light:light dark:dark spacing:spacing typography:typography shape:shape';
    };
    frame.whenChanged(() => void show());
    await show();
  }

  /** Whether it was opened, by us or by the reader. */
  async function open(url: string, newTab = true): Promise<boolean> {
    return frame.go(url, newTab) || offerLink(url, await say());
  }

  async function navigate({ url, type }: { url: string; type?: string }): Promise<void> {
    const personal = kPersonal.exec(url);
    if (personal) return void (await open(`${folderOf(place)}/pages/account/${personal[1] ? `?at=${encodeURIComponent(personal[1])}` : ''}`));
    const target = url.startsWith('/') ? place.jira + url : url;
    if (!/^https?:\/\//.test(target)) return;
    if (!(await open(target, type !== 'same-tab'))) throw new Error('the reader stayed');
  }

  // As version 4 of the `history` package has it. What the page is told stands behind `at`, and goes when it was read.
  function createHistory() {
    let here: PageLocation = { pathname: place.at || '/', search: '', hash: '' };
    const to = (target: string | Partial<PageLocation>) => {
      here = typeof target === 'string' ? { pathname: target, search: '', hash: '' } : { ...here, ...target };
      const address = new URL(window.location.href);
      if (here.pathname === '/') address.searchParams.delete('at');
      else address.searchParams.set('at', here.pathname);
      window.history.replaceState(null, '', address);
      history.location = here;
    };
    const history = { length: 1, action: 'POP', location: here, push: to, replace: to, listen: () => () => undefined, go: () => undefined, goBack: () => undefined, goForward: () => undefined, createHref: () => '', block: () => () => undefined };
    return history;
  }

  const calls: Record<string, (payload: never) => unknown> = {
    invoke,
    getContext,
    enableTheming,
    navigate,
    createHistory,
    // There is no address to set here: the page comes from the server itself.
    __permission__remoteGet: () => ({ remotes: [{ key: 'belay-server', configured: { endpoint: window.location.origin } }] }),
    refresh: () => window.location.reload(),
    on: () => ({ unsubscribe: () => undefined }),
  };
  return {
    callBridge: async (name: string, payload?: unknown): Promise<unknown> => {
      const call = calls[name];
      if (!call) throw new Error(`${name} is not there beside a Jira Data Center`);
      return call(payload as never);
    },
  };
}

const script = document.currentScript as HTMLScriptElement | null;
if (script) {
  const place = placeOf(script, window.location.search);
  const frame = new Frame(new URL(place.jira).origin);
  Object.defineProperty(globalThis, '__bridge', { value: Object.freeze(bridgeOf(place, frame, new Session(place))), enumerable: true });
  document.addEventListener('DOMContentLoaded', () => frame.reportHeight());
}
