// The plugin's script in Jira's page: which frame it makes, what it tells it, and what it does and does not do for it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { afterEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { filesOf } from '../build.mjs';

const { JSDOM } = createRequire(new URL('../../web/package.json', import.meta.url))('jsdom');
const server = 'https://support.example.com';
const jira = 'https://jira.example.com';
const script = filesOf({ server, site: 'acme' })['js/panel.js'].toString();
const panelOf = (issue, key) => `<div class="belay-panel" data-issue="${issue}" data-key="${key}"></div>`;

const open = [];
afterEach(() => open.splice(0).forEach((window) => window.close()));

/** Jira's page with the script in it. */
function page({ html = '', head = '', body = panelOf('10000', 'ACME-1'), dark = false, times = 1 } = {}) {
  const { window } = new JSDOM(`<!doctype html><html ${html}><head>${head}</head><body>${body}</body></html>`, { url: `${jira}/browse/ACME-1`, runScripts: 'outside-only' });
  open.push(window);
  const changes = [];
  const outside = { matches: dark, addEventListener: (_, changed) => changes.push(changed) };
  window.matchMedia = () => outside;
  const opened = [];
  window.open = (...what) => { opened.push(what); };
  const before = Object.getOwnPropertyNames(window);
  for (let n = 0; n < times; n += 1) window.eval(script);
  const { document } = window;
  const frame = () => document.querySelector('.belay-panel iframe');
  const heard = [];
  /** What the page in the frame would hear, with the origin that it is meant for. */
  const listenIn = (which = frame()) => { which.contentWindow.postMessage = (message, origin) => heard.push({ ...message, origin }); };
  if (frame()) listenIn();
  const say = (data, { origin = server, source = frame().contentWindow } = {}) => window.dispatchEvent(new window.MessageEvent('message', { data, origin, source }));
  return {
    window, document, opened, heard, frame, listenIn, say,
    globals: Object.getOwnPropertyNames(window).filter((name) => !before.includes(name) && !/^\d+$/.test(name)),   // a frame's number is the browser's
    outsideTurns: (matches) => { outside.matches = matches; changes.forEach((changed) => changed()); },
    settled: () => new Promise((resolve) => { setTimeout(resolve, 0); }),
  };
}
const ask = (url, options) => {
  const there = page();
  there.say({ belay: 'open', url }, options);
  return there.opened;
};

test('it parses, and leaves nothing behind in the page', () => {
  const { status, stderr } = spawnSync(process.execPath, ['--check', fileURLToPath(new URL('../plugin/js/panel.js', import.meta.url))], { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  assert.deepEqual(page().globals, []);
});

describe('the frame', () => {
  test('shows the panel of that issue, of the server that the plugin was built for, and has a name', () => {
    const { document, frame } = page();
    assert.equal(document.querySelectorAll('iframe').length, 1);
    assert.equal(frame().src, `${server}/datacenter/acme/pages/panel/?issue=10000&key=ACME-1`);
    assert.equal(frame().title, 'Belay');
    assert.equal(frame().getAttribute('allow'), 'clipboard-write');
    assert.ok(!frame().hasAttribute('sandbox'));
  });

  test('comes with a panel that comes later, once for each, and goes with it', async () => {
    const { document, frame, settled } = page({ body: '<main></main>' });
    assert.equal(frame(), null);
    const main = document.querySelector('main');
    main.innerHTML = panelOf('10001', 'ACME-2');
    await settled();
    assert.match(frame().src, /\?issue=10001&key=ACME-2$/);
    main.append('something else');
    await settled();
    assert.equal(document.querySelectorAll('iframe').length, 1);
    main.innerHTML = panelOf('10002', 'ACME-3');
    await settled();
    assert.deepEqual([...document.querySelectorAll('iframe')].map(({ src }) => src.split('?')[1]), ['issue=10002&key=ACME-3']);
  });

  test('is one, though the script be loaded twice', () => {
    const { document, say, opened } = page({ times: 2 });
    assert.equal(document.querySelectorAll('iframe').length, 1);
    say({ belay: 'open', url: '/browse/ACME-1' });
    assert.equal(opened.length, 1);
  });

  for (const id of ['$issue.id', '', '10000&key=X-1', '1e3', '-1', '١٢', '10000" onload="x', '1'.repeat(21)]) {
    test(`is not made for an issue whose id is “${id}”`, () => assert.equal(page({ body: panelOf(id.replaceAll('"', '&quot;'), 'ACME-1') }).frame(), null));
  }
  for (const key of ['$issue.key', '', 'ACME-0', 'acme-1', 'ACME-1&issue=2', 'ACME-1#x', '../ACME-1', 'ACME-1\n']) {
    test(`has no key in its address where that is “${key}”`, () => assert.equal(page({ body: panelOf('10000', key) }).frame().src, `${server}/datacenter/acme/pages/panel/?issue=10000`));
  }

  test('does not go elsewhere because the page says so', () => {
    const { frame } = page({ body: '<div class="belay-panel" data-issue="10000" data-server="https://elsewhere.example" data-site="other"></div>' });
    assert.ok(frame().src.startsWith(`${server}/datacenter/acme/`));
  });
});

describe('its height', () => {
  const heightAfter = (data, options) => {
    const there = page();
    there.say(data, options);
    return there.frame().style.height;
  };
  test('is what it asks for, in bounds', () => {
    assert.equal(heightAfter({ belay: 'height', px: 412.2 }), '413px');
    assert.equal(heightAfter({ belay: 'height', px: 1 }), '80px');
    assert.equal(heightAfter({ belay: 'height', px: -5 }), '80px');
    assert.equal(heightAfter({ belay: 'height', px: 1e9 }), '6000px');
  });
  for (const px of ['400', '400px', Number.NaN, Number.POSITIVE_INFINITY, null, undefined, {}, [400]]) {
    test(`is not ${typeof px} ${String(px)}`, () => assert.equal(heightAfter({ belay: 'height', px }), ''));
  }
  for (const data of ['height', null, 5, [], { height: 400 }, { belay: 'width', px: 400 }]) test(`is not touched by ${JSON.stringify(data)}`, () => assert.equal(heightAfter(data), ''));
});

describe('nobody else is listened to', () => {
  const wishes = [{ belay: 'height', px: 400 }, { belay: 'open', url: '/browse/ACME-1' }, { belay: 'hello' }];
  const nothing = (there, options, label) => {
    for (const wish of wishes) there.say(wish, options);
    assert.deepEqual([there.frame().style.height, there.opened, there.heard], ['', [], []], label);
  };
  test('another origin in our frame', () => {
    for (const origin of ['https://elsewhere.example', jira, `${server}.elsewhere.example`, `${server}:8443`, server.replace('https', 'http'), 'null', '']) nothing(page(), { origin }, origin);
  });
  test('our origin in another window: a frame beside ours, Jira’s page itself, one that is gone', async () => {
    const there = page({ body: `${panelOf('10000', 'ACME-1')}<iframe id="other"></iframe>` });
    nothing(there, { source: there.document.querySelector('#other').contentWindow });
    nothing(there, { source: there.window });
    nothing(there, { source: null });
    const old = there.frame();
    const { contentWindow } = old;
    old.parentNode.outerHTML = panelOf('10001', 'ACME-2');
    await there.settled();
    there.listenIn();
    nothing(there, { source: contentWindow });
  });
  test('a frame that the page put into a panel itself', () => {
    const there = page({ body: '<div class="belay-panel" data-issue="10000"><iframe></iframe></div>' });
    nothing(there, {});
  });
});

describe('what is opened for it', () => {
  const inNewTab = (address) => [[address, '_blank', 'noopener']];
  test('an issue of this Jira', () => assert.deepEqual(ask('/browse/ACME-12'), inNewTab(`${jira}/browse/ACME-12`)));
  test('a page of the server', () => assert.deepEqual(ask(`${server}/datacenter/acme/pages/account/`), inNewTab(`${server}/datacenter/acme/pages/account/`)));
  test('TeamViewer', () => {
    for (const address of ['https://teamviewer.com/', 'https://start.teamviewer.com/device/1/authorization/password', 'https://get.teamviewer.com/s12345678']) assert.deepEqual(ask(address), inNewTab(address));
  });
  const refused = [
    '/secure/admin/ViewApplicationProperties.jspa', '/browse/', '/browse/ACME-1/../../secure', '/browse/ACME-1?x=1', '/browse/ACME-1\n', '//elsewhere.example/browse/ACME-1', '/\\elsewhere.example', 'browse/ACME-1', `${jira}/browse/ACME-1`,
    'https://elsewhere.example/', 'http://start.teamviewer.com/', 'https://teamviewer.com.elsewhere.example/', 'https://evilteamviewer.com/', 'https://start.teamviewer.com:8443/', 'https://user:word@start.teamviewer.com/', 'https://teamviewer.com@elsewhere.example/',
    `${server}@elsewhere.example/`, `${server.replace('://', '://x@')}/`, `${server}.elsewhere.example/`, `${server}:8443/`, 'http://support.example.com/',
    'javascript:alert(1)', 'data:text/html,x', 'blob:https://support.example.com/1', 'teamviewer10://control?device=1', 'about:blank', '', 'x', null, undefined, 5, {}, ['/browse/ACME-1'], `${server}/${'x'.repeat(2000)}`,
  ];
  for (const url of refused) test(`not ${JSON.stringify(url)?.slice(0, 80)}`, () => assert.deepEqual(ask(url), []));
});

describe('what it hears', () => {
  const surroundings = (options) => {
    const there = page(options);
    there.say({ belay: 'hello' });
    assert.equal(there.heard.length, 1);
    return there.heard[0];
  };
  const theme = (options) => surroundings(options).theme;
  const locale = (options) => surroundings(options).locale;
  const meta = (content) => ({ head: `<meta name="ajs-user-locale" content="${content}">` });

  test('nothing before it says hello; then theme and language, meant for the server’s origin alone', () => {
    const there = page({ html: 'lang="en"' });
    assert.deepEqual(there.heard, []);
    there.say({ belay: 'hello' });
    assert.deepEqual(there.heard, [{ belay: 'surroundings', theme: 'light', locale: 'en', user: '', origin: server }]);
  });
  test('whom Jira’s page is shown to, as they sign in', () => {
    assert.equal(surroundings({ head: '<meta name="ajs-remote-user" content="tferreira">' }).user, 'tferreira');
    assert.equal(surroundings({ head: '<meta name="ajs-remote-user" content="">' }).user, '');
  });
  test('the theme of Jira, whatever names stand in data-theme', () => {
    assert.equal(theme({ html: 'data-color-mode="dark" data-theme="light:light dark:dark"' }), 'dark');
    assert.equal(theme({ html: 'data-color-mode="light" data-theme="light:light dark:dark"', dark: true }), 'light');
    assert.equal(theme({ html: 'data-theme="light:light dark:dark"' }), 'light');
    assert.equal(theme({ html: 'data-theme="dark"' }), 'dark');
    assert.equal(theme({ dark: true }), 'light', 'a Jira without themes is light');
  });
  test('“auto” is what the browser says', () => {
    assert.equal(theme({ html: 'data-color-mode="auto"', dark: true }), 'dark');
    assert.equal(theme({ html: 'data-color-mode="auto"' }), 'light');
  });
  test('the language of the person before that of the page', () => {
    assert.equal(locale({ html: 'lang="en"', ...meta('fr_FR') }), 'fr-FR');
    assert.equal(locale({ html: 'lang="de-AT"' }), 'de-AT');
    assert.equal(locale({ html: 'lang="de"', ...meta('x y&quot;') }), 'de');
    assert.equal(locale({ html: 'lang="&lt;b&gt;"' }), '');
    assert.equal(locale(), '');
  });
  test('every change, once it listens', async () => {
    const there = page({ html: 'data-color-mode="light"' });
    there.document.documentElement.setAttribute('data-color-mode', 'dark');
    await there.settled();
    assert.deepEqual(there.heard, [], 'it has not said hello');
    there.say({ belay: 'hello' });
    there.document.documentElement.setAttribute('data-color-mode', 'auto');
    await there.settled();
    there.outsideTurns(true);
    there.document.documentElement.lang = 'fr';
    await there.settled();
    assert.deepEqual(there.heard.map(({ theme: shown, locale: spoken }) => `${shown} ${spoken}`), ['dark ', 'light ', 'dark ', 'dark fr']);
    assert.ok(there.heard.every(({ origin }) => origin === server));
  });
});
