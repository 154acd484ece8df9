/*
 * The app's side of the Forge bridge: what Forge itself puts into a Custom UI page. It gives @forge/bridge its one global,
 * callBridge(name, payload), and carries every call to the host page (jira.js) by postMessage. What cannot cross, functions,
 * stays here: history listeners and event listeners.
 */
(() => {
  if (window.parent === window) return;
  const hostOrigin = document.referrer ? new URL(document.referrer).origin : (location.ancestorOrigins?.[0] ?? '');
  if (!hostOrigin) return;

  let nextId = 1;
  let welcome = false;
  const waiting = new Map();      // id -> {resolve, reject}
  const unsent = [];
  const eventListeners = new Map(); // event -> Set of callbacks
  const historyListeners = new Set();

  const post = (message) => window.parent.postMessage({ forgeBridge: 1, ...message }, hostOrigin);
  const send = (message) => (welcome ? post(message) : unsent.push(message));

  const ask = (name, payload) =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      send({ id, name, payload });
    });

  // The host's script may come later than this one.
  const greet = () => {
    if (welcome) return;
    post({ name: 'hello' });
    setTimeout(greet, 50);
  };

  window.addEventListener('message', ({ source, origin, data }) => {
    if (source !== window.parent || origin !== hostOrigin || data?.forgeBridge !== 1) return;
    if (data.name === 'welcome') {
      if (welcome) return;
      welcome = true;
      unsent.splice(0).forEach(post);
      reportHeight();
    } else if (data.name === 'event') {
      eventListeners.get(data.event)?.forEach((listener) => listener(data.payload));
    } else if (data.name === 'popstate') {
      historyListeners.forEach((listener) => listener(data.location, 'POP'));
    } else if (waiting.has(data.id)) {
      const { resolve, reject } = waiting.get(data.id);
      waiting.delete(data.id);
      if (data.ok) resolve(data.value);
      else reject(new Error(data.error));
    }
  });

  const listen = (event, callback) => {
    if (!eventListeners.has(event)) eventListeners.set(event, new Set());
    eventListeners.get(event).add(callback);
    return { unsubscribe: () => eventListeners.get(event)?.delete(callback) };
  };

  // As version 4 of the `history` package has it; paths are relative to the app's own address.
  async function createHistory() {
    let { location: here, length } = await ask('createHistory');
    const go = (action) => async (to, state) => {
      const target = typeof to === 'string' ? { ...splitPath(to), state } : { pathname: here.pathname, search: '', hash: '', ...to };
      here = { ...target, key: Math.random().toString(36).slice(2, 8) };
      history.location = here;
      history.action = action;
      if (action === 'PUSH') history.length = length += 1;
      await ask(action === 'PUSH' ? 'historyPush' : 'historyReplace', here);
      historyListeners.forEach((listener) => listener(here, action));
    };
    const history = {
      length,
      action: 'POP',
      location: here,
      push: go('PUSH'),
      replace: go('REPLACE'),
      go: (steps) => ask('historyGo', steps),
      goBack: () => ask('historyGo', -1),
      goForward: () => ask('historyGo', 1),
      createHref: ({ pathname = '', search = '', hash = '' }) => pathname + search + hash,
      block: () => () => undefined,
      listen: (listener) => {
        historyListeners.add(listener);
        return () => historyListeners.delete(listener);
      },
    };
    historyListeners.add((location) => {
      here = location;
    });
    return history;
  }

  function splitPath(text) {
    const { pathname, search, hash } = new URL(text, 'http://app.localhost/');
    return { pathname, search, hash };
  }

  async function enableTheming() {
    const theme = await ask('getTheme');
    const html = document.documentElement;
    html.dataset.colorMode = theme.colorMode;
    html.dataset.theme = 'light:light dark:dark spacing:spacing typography:typography shape:shape';
    return theme;
  }

  const own = {
    createHistory,
    enableTheming,
    on: ({ event, callback }) => listen(event, callback),
    onPublic: ({ event, callback }) => listen(event, callback),
    onClose: async () => true,
  };

  const callBridge = async (name, payload) => (own[name] ? own[name](payload) : ask(name, payload));
  Object.defineProperty(globalThis, '__bridge', { value: Object.freeze({ callBridge }), enumerable: true });

  let reported = 0;
  function reportHeight() {
    if (!document.body) return;
    const style = getComputedStyle(document.body);
    const height = Math.ceil(Math.max(document.body.offsetHeight + parseFloat(style.marginTop) + parseFloat(style.marginBottom), document.body.scrollHeight));
    if (height === reported || !welcome) return;
    reported = height;
    post({ name: 'resize', payload: { height } });
  }

  document.addEventListener('DOMContentLoaded', () => {
    const observer = new ResizeObserver(reportHeight);
    observer.observe(document.body);
    setInterval(reportHeight, 1000); // a frame out of sight gets no rendering callbacks
    new MutationObserver(() => requestAnimationFrame(reportHeight)).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  greet();
})();
