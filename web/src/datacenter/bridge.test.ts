import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bridgeOf } from './bridge';
import { placeOf } from './place';
import { Session } from './session';
import { Frame } from './surroundings';

const script = { dataset: { site: 'acme', page: 'panel', jira: 'https://jira.example.com', signIn: 'oauth' } as DOMStringMap };
const place = placeOf(script, '?issue=10001&key=PRESS-1');

describe('where a page stands', () => {
  test('the site from the server, the issue from the address; what is no id or key is none', () => {
    expect(place).toEqual({ site: 'acme', page: 'panel', jira: 'https://jira.example.com', signIn: 'oauth', at: '', issue: { id: '10001', key: 'PRESS-1' } });
    expect(placeOf(script, '?issue=10001&key=<b>').issue).toEqual({ id: '10001', key: '' });
    for (const wrong of ['', '?issue=', '?issue=1%20or', '?issue=PRESS-1', `?issue=${'1'.repeat(21)}`]) expect(placeOf(script, wrong).issue).toBeUndefined();
    expect(placeOf(script, '?project=PRESS').project).toBe('PRESS');
    for (const wrong of ['?project=', '?project=press', '?project=A-1', '?project=$projectKeyEncoded']) expect(placeOf(script, wrong).project).toBeUndefined();
    expect(placeOf({ dataset: { ...script.dataset, signIn: 'typed' } }, '?at=/finish/x')).toMatchObject({ signIn: 'typed', at: '/finish/x' });
  });
});

describe('calls', () => {
  const asked: { url: string; init: RequestInit }[] = [];
  let answers: (() => Response)[] = [];
  const json = (status: number, body: object) => () => new Response(JSON.stringify(body), { status });
  const granted = (token: string) => json(200, { token, now: '2026-11-29T10:00:00Z', until: '2026-11-29T10:10:00Z', account: { id: 'JIRAUSER1', name: 'Ada', login: 'ada', language: 'fr_FR', timeZone: 'Europe/Paris' } });
  const nobody = () => new Response(JSON.stringify({ code: 'signed_out' }), { status: 403 });
  beforeEach(() => {
    asked.length = 0;
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      asked.push({ url, init });
      const next = answers.shift();
      if (!next) throw new Error('nobody answers');
      return next();
    });
  });
  afterEach(() => void vi.unstubAllGlobals());
  // jsdom draws nothing.
  Object.assign(CSSStyleSheet.prototype, { replaceSync: () => undefined });
  Object.assign(document, { adoptedStyleSheets: [] });
  const bridge = () => bridgeOf(place, new Frame(place.jira), new Session(place));
  const headersOf = (at: number) => asked[at]?.init.headers as Record<string, string>;

  test('carry the token that the cookie gave, the page, and the issue', async () => {
    answers = [granted('t-1'), json(200, { version: 'v' })];
    const answer = await bridge().callBridge('invoke', { path: '/v1/panel', method: 'GET', headers: { Accept: 'application/json' } });
    expect(answer).toEqual({ success: true, payload: { status: 200, headers: {}, body: { version: 'v' } } });
    expect(asked.map(({ url }) => url)).toEqual(['/datacenter/acme/token', '/v1/panel']);
    expect(headersOf(1)).toEqual({ Accept: 'application/json', Authorization: 'Bearer t-1', 'X-Belay-Page': 'panel', 'X-Belay-Issue': '10001' });
  });

  test('a page of its own speaks what its reader has in Jira, and asks who that is first; a frame what the page around it says', async () => {
    answers = [nobody, granted('t-1')];
    const alone = typed(new Frame(place.jira), new Session(place)).callBridge('getContext');
    await signIn();
    expect(await alone).toMatchObject({ accountId: 'JIRAUSER1', locale: 'fr_FR', timezone: 'Europe/Paris' });
    expect(document.querySelector('footer.signed-in')?.textContent).toMatch(/^Connecté/);
    await vi.waitUntil(() => document.querySelector('header.way-back a'));
    expect(document.querySelector('header.way-back a')).toMatchObject({ textContent: 'Retour à Jira', href: 'https://jira.example.com/' });

    const framed = new Frame(place.jira);
    vi.spyOn(framed, 'alone', 'get').mockReturnValue(false);
    vi.spyOn(framed, 'surroundings').mockResolvedValue({ theme: 'light', locale: 'en-AU', timeZone: 'UTC', user: '' });
    expect(await typed(framed, new Session(place)).callBridge('getContext')).toMatchObject({ locale: 'en-AU', timezone: 'UTC' });
    expect(asked).toHaveLength(2);
  });

  test('one whose token is over asks for the next, once; a refusal of another kind is the page’s', async () => {
    answers = [granted('t-1'), json(403, { code: 'signed_out' }), granted('t-2'), json(403, { code: 'forbidden', detail: { reason: 'not_agent' } })];
    const answer = await bridge().callBridge('invoke', { path: '/v1/panel' });
    expect(answer).toMatchObject({ success: true, payload: { status: 403, body: { code: 'forbidden' } } });
    expect(headersOf(3).Authorization).toBe('Bearer t-2');
  });

  test('several that begin together ask for a token once', async () => {
    answers = [granted('t-1'), json(200, {}), json(200, {})];
    const there = bridge();
    await Promise.all([there.callBridge('invoke', { path: '/v1/panel' }), there.callBridge('invoke', { path: '/v1/account' })]);
    expect(asked.filter(({ url }) => url.endsWith('/token'))).toHaveLength(1);
  });

  test('where the server is away, the page is told as by Forge', async () => {
    answers = [granted('t-1')];
    expect(await bridge().callBridge('invoke', { path: '/v1/panel' })).toMatchObject({ success: false });
  });

  const forms = () => document.querySelectorAll('main.sign-in');
  const shownForm = async () => {
    await vi.waitFor(() => expect(forms()).toHaveLength(1));
    return forms()[0] as HTMLElement;
  };
  const typed = bridgeOf.bind(null, { ...place, signIn: 'typed' as const });
  const signIn = async (token = 'typed-in') => {
    const form = (await shownForm()).querySelector('form') as HTMLFormElement;
    (form.querySelector('input') as HTMLInputElement).value = token;
    form.requestSubmit();
  };

  test('a server that cannot say whether somebody is signed in is away; nobody is asked to sign in', async () => {
    answers = [json(503, { code: 'storage_unavailable' })];
    expect(await bridge().callBridge('invoke', { path: '/v1/panel' })).toMatchObject({ success: false });
    answers = [];
    expect(await bridge().callBridge('invoke', { path: '/v1/panel' })).toMatchObject({ success: false });
    expect(forms()).toHaveLength(0);
  });

  test('several calls that find nobody signed in show one form, and all go on once somebody is', async () => {
    answers = [nobody, granted('t-1'), json(200, { one: 1 }), json(200, { two: 2 })];
    const there = typed(new Frame(place.jira), new Session(place));
    const both = Promise.all([there.callBridge('invoke', { path: '/v1/panel' }), there.callBridge('invoke', { path: '/v1/account' })]);
    await signIn();
    const told = (await both) as { payload: { body: object } }[];
    expect(told.map(({ payload }) => payload.body)).toEqual([{ one: 1 }, { two: 2 }]);
    expect(forms()).toHaveLength(0);
  });

  test('a sign-in that is over while two calls are under way asks once, and both go on', async () => {
    answers = [granted('t-1'), nobody, nobody, nobody, granted('t-2'), json(200, {}), json(200, {})];
    const there = typed(new Frame(place.jira), new Session(place));
    const both = Promise.all([there.callBridge('invoke', { path: '/v1/panel' }), there.callBridge('invoke', { path: '/v1/sessions' })]);
    await shownForm();
    expect(document.querySelectorAll('footer.signed-in')).toHaveLength(0);
    await signIn();
    await both;
    expect(headersOf(asked.length - 1).Authorization).toBe('Bearer t-2');
    expect(document.querySelectorAll('footer.signed-in')).toHaveLength(1);
    expect(forms()).toHaveLength(0);
  });

  test('whoever signed in beside another ticket meanwhile is not asked again', async () => {
    answers = [nobody, granted('t-1'), json(200, {})];
    const call = typed(new Frame(place.jira), new Session(place)).callBridge('invoke', { path: '/v1/panel' });
    await shownForm();
    document.dispatchEvent(new Event('visibilitychange'));
    await call;
    expect(forms()).toHaveLength(0);
  });

  test('where Jira’s page is somebody else’s by now, the sign-in of the one before ends, and nothing is done in their name', async () => {
    const other = new Frame(place.jira);
    vi.spyOn(other, 'surroundings').mockResolvedValue({ theme: 'light', locale: 'en', timeZone: 'UTC', user: 'grace' });
    const asGrace = json(200, { token: 't-2', now: '2026-11-29T10:00:00Z', until: '2026-11-29T10:10:00Z', account: { id: 'JIRAUSER2', name: 'Grace', login: 'Grace', language: 'en_US', timeZone: 'UTC' } });
    answers = [granted('t-1'), json(200, { signedOut: true }), asGrace, json(200, {})];
    const call = typed(other, new Session(place)).callBridge('invoke', { path: '/v1/panel' });
    await signIn();
    await call;
    expect(asked.map(({ url, init }) => `${init.method} ${url}`)).toEqual(['POST /datacenter/acme/token', 'DELETE /datacenter/acme/token', 'POST /datacenter/acme/token', 'GET /v1/panel']);
    expect(headersOf(3).Authorization).toBe('Bearer t-2');
    expect(document.querySelector('footer.signed-in')?.textContent).toContain('Grace');
  });

  test('the way to the account, to an issue and out of Jira; anything else goes nowhere', async () => {
    const opened: unknown[][] = [];
    const windows: { opener: unknown }[] = [];
    vi.stubGlobal('open', (...what: unknown[]) => {
      opened.push(what);
      windows.push({ opener: window });
      return windows.at(-1);
    });
    const there = bridge();
    for (const url of ['/jira/settings/personal/apps/datacenter/acme/from/PRESS-1', '/browse/PRESS-2', 'https://start.teamviewer.com/x', 'javascript:alert(1)']) await there.callBridge('navigate', { url, type: 'new-tab' });
    expect(opened).toEqual([
      ['/datacenter/acme/pages/account/?at=%2Ffrom%2FPRESS-1', '_blank'],
      ['https://jira.example.com/browse/PRESS-2', '_blank'],
      ['https://start.teamviewer.com/x', '_blank'],
    ]);
    expect(windows.map(({ opener }) => opener)).toEqual([null, null, null]);
  });

  test('a page that the browser keeps from opening: words and a link; the page is told whether it was followed', async () => {
    vi.stubGlobal('open', () => null);
    Object.assign(HTMLDialogElement.prototype, {
      showModal(this: HTMLDialogElement) { this.open = true; },
      close(this: HTMLDialogElement) { this.dispatchEvent(new Event('close')); },
    });
    const going = () => bridge().callBridge('navigate', { url: 'https://start.teamviewer.com/x', type: 'new-tab' });
    const dialog = () => vi.waitUntil(() => document.querySelector('dialog'));
    const stayed = going();
    (await dialog()).querySelector('button')?.click();
    await expect(stayed).rejects.toThrow('the reader stayed');
    const went = going();
    const link = (await dialog()).querySelector('a');
    expect([link?.href, link?.target, link?.rel, link?.textContent]).toEqual(['https://start.teamviewer.com/x', '_blank', 'noopener', 'Open start.teamviewer.com']);
    link?.click();
    await went;
    await vi.waitUntil(() => !document.querySelector('dialog'));
  });

  test('several calls that begin while nobody is signed in ask once', async () => {
    answers = [json(403, { code: 'signed_out' }), json(403, { code: 'signed_out' })];
    const there = bridge();
    void there.callBridge('invoke', { path: '/v1/panel' });
    await vi.waitUntil(() => document.querySelector('main.sign-in'));
    void there.callBridge('invoke', { path: '/v1/account' });
    await vi.waitUntil(() => asked.length === 2);
    await Promise.resolve();
    expect(document.querySelectorAll('main.sign-in')).toHaveLength(1);
  });
});
