/*
 * The site's own script: hosts the app's pages (the other half of bridge.js), shows what Jira shows for them, keeps the list of
 * comments fresh, and lets the menu close. No page of the app ever touches this document.
 */
const frames = [...document.querySelectorAll('iframe.forge')];
const forgeOriginOf = (frame) => new URL(frame.src).origin;
const contextOf = (frame) => JSON.parse(frame.dataset.context);

async function postJson(address, body) {
  const answer = await fetch(address, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.message ?? `Jira answered ${answer.status}`);
  return content;
}

// Dialogs ------------------------------------------------------------------------------------------------------------------

/** True when the person chose `yes`. */
function askPerson({ title, text, address, yes }) {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    const heading = Object.assign(document.createElement('h2'), { id: 'dialog-title', textContent: title });
    const words = Object.assign(document.createElement('p'), { textContent: text });
    const where = Object.assign(document.createElement('p'), { className: 'address', textContent: address });
    const buttons = Object.assign(document.createElement('div'), { className: 'buttons' });
    const no = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: 'Cancel' });
    const go = Object.assign(document.createElement('button'), { type: 'button', className: 'button primary', textContent: yes });
    dialog.setAttribute('aria-labelledby', heading.id);
    buttons.append(no, go);
    dialog.append(heading, words, where, buttons);
    document.body.append(dialog);
    // The app's frame, as a rule: its page goes on where the person was.
    const before = document.activeElement;
    let answer = false;
    no.addEventListener('click', () => dialog.close());
    go.addEventListener('click', () => {
      answer = true;
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      before?.focus();
      resolve(answer);
    });
    dialog.showModal();
  });
}

function showFlag({ id, title = '', description = '', type = 'info', isAutoDismiss = false }) {
  closeFlag({ id });
  const flag = Object.assign(document.createElement('div'), { className: `flag ${type}` });
  flag.dataset.flag = id;
  flag.append(Object.assign(document.createElement('strong'), { textContent: title }), Object.assign(document.createElement('p'), { textContent: description }));
  const close = Object.assign(document.createElement('button'), { type: 'button', className: 'button', textContent: 'Dismiss' });
  close.addEventListener('click', () => flag.remove());
  flag.append(close);
  document.getElementById('flags').append(flag);
  if (isAutoDismiss) setTimeout(() => flag.remove(), 8000);
  return true;
}

function closeFlag({ id }) {
  document.querySelector(`[data-flag="${CSS.escape(String(id))}"]`)?.remove();
  return true;
}

// Navigation ---------------------------------------------------------------------------------------------------------------

function addressOf({ url, target, issueKey, accountId, dashboardId, projectKey }) {
  if (url !== undefined) return url;
  if (target === 'issue') return `/browse/${issueKey}`;
  if (target === 'userProfile') return `/people/${accountId}`;
  if (target === 'dashboard') return `/jira/dashboards/${dashboardId}`;
  if (target === 'projectSettingsDetails') return `/jira/software/projects/${projectKey}/settings/details`;
  throw new Error('this target is not known here');
}

/** Addresses of this site open at once; anything else asks first, and then opens a new tab (Forge's page on `router`). */
async function navigate(frame, payload) {
  const wanted = addressOf(payload);
  const url = new URL(wanted, location.href);
  if (!['http:', 'https:', 'mailto:'].includes(url.protocol)) throw new Error('this address cannot be opened');
  const ownSite = wanted.startsWith('/') && url.origin === location.origin;
  if (!ownSite) {
    const goes = await askPerson({ title: 'You are leaving Jira', text: `${frame.title} wants to open a page outside Jira:`, address: url.href, yes: 'Continue' });
    if (!goes) throw new Error('the person stayed');
  }
  if (ownSite && payload.type !== 'new-tab') location.assign(url.href);
  else window.open(url.href, '_blank', 'noopener,noreferrer');
}

const subpathNow = (frame) => {
  const { pathname, search, hash } = location;
  const inside = pathname.startsWith(frame.dataset.base) ? pathname.slice(frame.dataset.base.length) : '';
  return { pathname: inside || '/', search, hash };
};

function changeHistory(frame, { pathname = '/', search = '', hash = '', state = null }, how) {
  const address = frame.dataset.base + (pathname === '/' ? '' : pathname) + search + hash;
  history[how](state, '', address);
}

// The bridge ---------------------------------------------------------------------------------------------------------------

async function remotesSet({ remotes }) {
  for (const { configured } of remotes) {
    if (!configured?.endpoint) continue;
    const agrees = await askPerson({ title: 'Allow this app to exchange data with a server?', text: 'The app will send data of this site to:', address: configured.endpoint, yes: 'Allow' });
    if (!agrees) throw new Error('the admin did not agree');
  }
  await postJson('/_forge/remotes', { remotes });
}

async function remotesGet({ keys } = {}) {
  const answer = await fetch('/_forge/remotes');
  if (!answer.ok) throw new Error('Only Jira admins can do this.');
  const all = await answer.json();
  return { results: all.results.filter(({ key }) => !keys || keys.includes(key)) };
}

async function invoke(frame, input) {
  const answer = await postJson('/_forge/invoke', {
    module: frame.dataset.module,
    issue: frame.dataset.issue,
    portal: frame.dataset.portal === 'yes',
    project: frame.dataset.project,
    localId: contextOf(frame).localId,
    input,
  });
  // What the bridge rejects with is one sentence, whatever the reason was.
  if (!answer.success) throw new Error(answer.error.message);
  return answer;
}

function tellFrames(event, payload) {
  for (const frame of frames) frame.contentWindow.postMessage({ forgeBridge: 1, name: 'event', event, payload }, forgeOriginOf(frame));
}

// The form of an action: the rule keeps what was submitted last, and asks for it once more before it is run.
function giveToRule(frame, payload) {
  const field = document.querySelector(`[data-inputs-of="${CSS.escape(frame.dataset.module)}"]`);
  if (!field) return false;
  field.value = JSON.stringify(payload);
  if (field.form.dataset.running) field.form.submit();
  return true;
}

for (const form of document.querySelectorAll('form.rule')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    form.dataset.running = 'yes';
    tellFrames('AUTOMATION_ACTION_SUBMIT');
  });
}

const handlers = {
  getContext: (frame) => {
    const context = contextOf(frame);
    return { ...context, extension: { ...context.extension, location: location.href } };
  },
  getTheme: (frame) => contextOf(frame).theme,
  invoke,
  navigate,
  getUrl: (frame, payload) => new URL(addressOf(payload), location.href).href,
  reload: () => location.reload(),
  refresh: () => location.reload(),
  showFlag: (frame, payload) => showFlag(payload),
  closeFlag: (frame, payload) => closeFlag(payload),
  changeWindowTitle: (frame, title) => {
    document.title = String(title);
  },
  createHistory: (frame) => ({ location: subpathNow(frame), length: history.length }),
  historyPush: (frame, to) => changeHistory(frame, to, 'pushState'),
  historyReplace: (frame, to) => changeHistory(frame, to, 'replaceState'),
  historyGo: (frame, steps) => history.go(steps),
  emit: (frame, { event, payload }) => tellFrames(event, payload),
  emitPublic: (frame, { event, payload }) => tellFrames(event, payload),
  emitReadyEvent: () => true,
  submit: (frame, payload) => giveToRule(frame, payload),
  isRovoEnabled: () => false,
  getFrameId: (frame) => contextOf(frame).localId,
  __permission__remoteGet: (frame, payload) => remotesGet(payload),
  __permission__remoteSet: (frame, payload) => remotesSet(payload),
};

window.addEventListener('message', async ({ source, origin, data }) => {
  const frame = frames.find((one) => one.contentWindow === source);
  if (!frame || origin !== forgeOriginOf(frame) || data?.forgeBridge !== 1) return;
  const answer = (message) => source.postMessage({ forgeBridge: 1, ...message }, origin);
  if (data.name === 'hello') {
    answer({ name: 'welcome' });
    return;
  }
  if (data.name === 'resize') {
    frame.style.height = `${Math.max(24, Math.min(20000, Number(data.payload.height) || 0))}px`;
    return;
  }
  try {
    const handler = Object.hasOwn(handlers, data.name) ? handlers[data.name] : undefined;
    if (!handler) throw new Error(`${data.name} is not available here`);
    answer({ id: data.id, ok: true, value: await handler(frame, data.payload) });
  } catch (problem) {
    answer({ id: data.id, ok: false, error: problem.message });
  }
});

window.addEventListener('popstate', () => {
  for (const frame of frames) frame.contentWindow.postMessage({ forgeBridge: 1, name: 'popstate', location: subpathNow(frame) }, forgeOriginOf(frame));
});

// Comments and menu --------------------------------------------------------------------------------------------------------

const activity = document.getElementById('activity');
if (activity?.dataset.source) {
  const fresh = document.createElement('template');
  const refresh = async () => {
    if (document.hidden) return;
    const answer = await fetch(activity.dataset.source).catch(() => undefined);
    if (!answer?.ok) return;
    // Against what stands here, not against the last answer: a comment can come between the page and the first question.
    fresh.innerHTML = await answer.text();
    if (fresh.innerHTML !== activity.innerHTML) activity.innerHTML = fresh.innerHTML;
  };
  refresh();
  setInterval(refresh, 2000);
}

const menu = document.getElementById('avatar-menu');
if (menu) {
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return;
    menu.open = false;
    menu.querySelector('summary').focus();
  });
}
