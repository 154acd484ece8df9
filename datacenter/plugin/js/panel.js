/*
 * Puts Belay's panel into the issue view: a frame of the company's own server, as high as what is in it. The frame hears of Jira's theme and language. It
 * may ask for a height, and that a link be opened; every other word of it, and every word of anybody else, is passed over (docs/datacenter-plugin.md).
 */
(function () {
  'use strict';

  // Where it is built for. Nothing in Jira's page can send the frame elsewhere.
  const server = '@SERVER@';
  const panelPage = server + '/datacenter/@SITE@/pages/panel/';

  const lowestPx = 80;
  const highestPx = 6000;
  const issueId = /^[0-9]{1,20}$/;
  const issueKey = /^[A-Z][A-Z0-9_]{0,63}-[1-9][0-9]{0,17}$/;
  const issuePath = /^\/browse\/[A-Z][A-Z0-9_]{0,63}-[1-9][0-9]{0,17}$/;
  const language = /^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/;
  const teamViewer = /(^|\.)teamviewer\.com$/;
  const darkOutside = window.matchMedia('(prefers-color-scheme: dark)');

  /** Frames that this script made, and those of them whose page said that it listens. */
  const made = new WeakSet();
  const greeted = new WeakSet();
  const framesHere = () => [...document.querySelectorAll('.belay-panel > iframe')].filter((frame) => made.has(frame));

  // ---- what the frame hears ----

  // Jira before 10 has no such attributes, and is light.
  function theme() {
    const html = document.documentElement;
    const mode = html.getAttribute('data-color-mode');
    if (mode === 'auto') return darkOutside.matches ? 'dark' : 'light';
    return mode === 'dark' || (mode === null && html.getAttribute('data-theme') === 'dark') ? 'dark' : 'light';
  }

  // "en_UK", as Jira writes it into the head of its pages; else what the page says of itself.
  function locale() {
    const told = document.querySelector('meta[name="ajs-user-locale"]');
    const found = [told && told.getAttribute('content'), document.documentElement.lang].find((text) => text && language.test(text));
    return found ? found.replace(/_/g, '-') : '';
  }

  // What the person signs in with. Empty: nobody is signed in, or the page does not say.
  function user() {
    const told = document.querySelector('meta[name="ajs-remote-user"]');
    return (told && told.getAttribute('content')) || '';
  }

  // To the server's own origin: a frame that went elsewhere meanwhile hears nothing.
  function tell(frame) {
    if (frame.contentWindow) frame.contentWindow.postMessage({ belay: 'surroundings', theme: theme(), locale: locale(), user: user() }, server);
  }

  function tellAll() {
    framesHere().filter((frame) => greeted.has(frame)).forEach(tell);
  }

  // ---- what the frame may ask ----

  function addressToOpen(asked) {
    if (typeof asked !== 'string' || asked.length > 2000) return undefined;
    if (issuePath.test(asked)) return window.location.origin + asked;
    let address;
    try {
      address = new URL(asked);
    } catch (notAnAddress) {
      return undefined;
    }
    if (address.username || address.password) return undefined;
    // By the beginning of what is opened: the origin of a blob: is the server's too.
    const mayOpen = address.href.startsWith(server + '/') || (address.protocol === 'https:' && address.port === '' && teamViewer.test(address.hostname));
    return mayOpen ? address.href : undefined;
  }

  function hear(event) {
    const frame = event.origin === server && event.source && framesHere().find(({ contentWindow }) => contentWindow === event.source);
    if (!frame || typeof event.data !== 'object' || event.data === null) return;
    const { belay, px, url } = event.data;
    if (belay === 'hello') {
      greeted.add(frame);
      tell(frame);
    } else if (belay === 'height' && Number.isFinite(px)) {
      frame.style.height = Math.min(highestPx, Math.max(lowestPx, Math.ceil(px))) + 'px';
    } else if (belay === 'open') {
      const address = addressToOpen(url);
      if (address) window.open(address, '_blank', 'noopener');
    }
  }

  // ---- the frame ----

  function fill(panel) {
    const issue = panel.getAttribute('data-issue') || '';
    const key = panel.getAttribute('data-key') || '';
    if (panel.firstElementChild || !issueId.test(issue)) return;
    const frame = document.createElement('iframe');
    frame.title = 'Belay';
    frame.setAttribute('allow', 'clipboard-write');
    frame.src = panelPage + '?issue=' + issue + (issueKey.test(key) ? '&key=' + key : '');
    made.add(frame);
    panel.appendChild(frame);
  }

  // Jira changes the issue view in place when somebody goes to another issue.
  function fillAll() {
    document.querySelectorAll('.belay-panel').forEach(fill);
  }

  window.addEventListener('message', hear);
  new MutationObserver(fillAll).observe(document.documentElement, { childList: true, subtree: true });
  new MutationObserver(tellAll).observe(document.documentElement, { attributes: true, attributeFilter: ['data-color-mode', 'data-theme', 'lang'] });
  darkOutside.addEventListener('change', tellAll);
  fillAll();
})();
