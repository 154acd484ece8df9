// Beside a Jira Data Center, in a browser that blocks third-party cookies: one sign-in for every ticket, and the main job in the panel that the plugin shows.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openDataCenter, people } from '../harness/datacenter.mjs';
import { until } from '../harness/wait.mjs';
import { House, grown, say } from './house.mjs';
import { axeClean, fits, inFrench, picture } from './look.mjs';
import { codeOf, createSession } from './steps.mjs';

const kComes = { timeout: 20_000 };

let house;
let site;
before(async () => {
  house = await House.open({ open: openDataCenter, partitioned: true });
  site = house.world.sandbox.addresses.datacenter;
});
afterEach(() => house.rest());
after(() => house?.close());

/** Somebody at a page of that Jira, in a browser of their own, or in `context`. */
async function visit(name, person, path, { context } = {}) {
  const tab = await (context ?? await house.browserOf({ axe: true })).newPage();
  await tab.goto(`${site[name]}${path}${path.includes('?') ? '&' : '?'}as=${person.name}`);
  return tab;
}
async function panelOf(tab) {
  const frame = await (await tab.waitForSelector('.belay-panel iframe')).contentFrame();
  await frame.waitForSelector('main >> visible=true');
  return frame;
}
const button = (panel, key, language = 'en') => panel.getByRole('button', { name: say(language, key), exact: true });

async function signIn(tab, panel) {
  const opened = tab.context().waitForEvent('page');
  await button(panel, 'sign_in.button').click();
  const window = await opened;
  await window.getByRole('button', { name: 'Allow' }).click();
  await until('the window has gone', () => window.isClosed());
}

/** A personal access token, made in Jira and typed in where it is asked for. */
async function typeToken(place) {
  const profile = await (place.page?.() ?? place).context().newPage();
  await profile.goto(`${site.server}/secure/ViewProfile.jspa`);
  await profile.getByRole('button', { name: 'Create token' }).click();
  const token = await profile.locator('code').innerText();
  await profile.close();
  await place.getByLabel(say('en', 'sign_in.token')).fill(token);
  await button(place, 'sign_in.typed_button').click();
}

/** An account at TeamViewer, from the panel's Connect over the personal page. */
async function connect(tab, panel, person) {
  const opened = tab.context().waitForEvent('page');
  await button(panel, 'panel.connect').click();
  const page = await opened;
  // Outside of Jira's frame the browser keeps nothing of what it has within.
  const signIn = page.getByRole('button', { name: say('en', 'sign_in.button'), exact: true });
  await signIn.or(page.getByLabel(say('en', 'sign_in.token'))).or(page.getByRole('button', { name: say('en', 'account.connect'), exact: true })).first().waitFor();
  if (await signIn.count()) {
    const window = tab.context().waitForEvent('page');
    await signIn.click();
    await (await window).getByRole('button', { name: 'Allow' }).click();
  }
  await page.getByLabel(say('en', 'sign_in.token')).count().then(async (there) => there && typeToken(page));
  const consent = tab.context().waitForEvent('page');
  await page.getByRole('button', { name: say('en', 'account.connect'), exact: true }).click();
  const provider = await consent;
  await provider.getByLabel(new RegExp(person.displayName)).first().check();
  await provider.getByRole('button', { name: 'Allow' }).click();
  await provider.getByRole('button', { name: say('en', 'account.finish'), exact: true }).click();
  await provider.getByRole('button', { name: say('en', 'account.disconnect'), exact: true }).waitFor();
  for (const one of tab.context().pages()) if (one !== tab) await one.close();
}

test('signed in once by one window, for every ticket; the cookie is this Jira’s own; other sites’ cookies are blocked', async () => {
  const tab = await visit('dc', people.agent, '/browse/PRESS-1');
  const panel = await panelOf(tab);
  await button(panel, 'sign_in.button').waitFor();
  await axeClean(panel, 'sign-in');
  await fits(panel, 'sign-in');
  await picture('datacenter-sign-in', tab.locator('.belay-panel iframe'));
  await signIn(tab, panel);
  await button(panel, 'panel.connect').waitFor();

  const cookies = await tab.context().cookies();
  const ours = cookies.filter(({ name }) => name === 'belay_dc');
  assert.equal(ours.length, 1);
  assert.ok(ours[0].httpOnly && ours[0].secure);
  assert.equal(await panel.evaluate(() => { document.cookie = 'third=party; SameSite=None; Secure; Path=/'; return document.cookie; }), '', 'a frame of another site gets no cookies but partitioned ones');

  for (const path of ['/browse/PRESS-2', '/browse/DESK-1']) {
    const next = await visit('dc', people.agent, path, { context: tab.context() });
    const there = await panelOf(next);
    await button(there, 'panel.connect').waitFor();
    assert.equal(await button(there, 'sign_in.button').count(), 0, path);
  }
  await tab.reload();
  await button(await panelOf(tab), 'panel.connect').waitFor();
});

test('No at Jira, a window that is closed, and again', async () => {
  const tab = await visit('dc', people.colleague, '/browse/DESK-1');
  const panel = await panelOf(tab);
  await button(panel, 'sign_in.button', 'fr').waitFor();
  await picture(inFrench('datacenter-sign-in'), tab.locator('.belay-panel iframe'));
  const opened = tab.context().waitForEvent('page');
  await button(panel, 'sign_in.button', 'fr').click();
  const window = await opened;
  await window.getByRole('button', { name: 'Deny' }).waitFor();
  await window.close();
  await panel.getByRole('status').getByText(say('fr', 'sign_in.closed')).waitFor();
  assert.ok(await button(panel, 'sign_in.button', 'fr').isEnabled());
});

for (const [name, issue, customer] of [['dc', 'PRESS-1', people.reporter], ['dc', 'DESK-1', people.customer], ['server', 'PRESS-1', people.reporter]]) {
  test(`${name}, ${issue}: connected, who can be reached, a session with its invitation on the ticket, and the customer waits`, async () => {
    const tab = await visit(name, people.agent, `/browse/${issue}`);
    const panel = await panelOf(tab);
    if (name === 'server') {
      await panel.getByLabel(say('en', 'sign_in.token')).waitFor();
      await typeToken(panel);
    } else {
      await button(panel, 'sign_in.button').waitFor();
      await signIn(tab, panel);
    }
    await panel.getByRole('heading', { name: say('en', 'panel.people') }).or(button(panel, 'panel.connect')).first().waitFor();
    if (await button(panel, 'panel.connect').count()) await connect(tab, panel, people.agent);
    await panel.getByRole('listitem', { name: customer.displayName }).first().waitFor(kComes);
    await grown(panel.locator('main'), 5_000).catch(() => {});

    const session = await createSession(panel);   // for who reported it, unless somebody else is chosen
    const code = await codeOf(session);
    await tab.reload();
    const comment = tab.locator('li[id^=comment]').last();
    await comment.getByText('teamviewer.localhost').waitFor(kComes);
    assert.match(await comment.innerText(), new RegExp(`\\[~${customer.name}\\]`));

    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    const again = await panelOf(tab);
    await again.getByText(say('en', 'state.customer_present')).first().waitFor(kComes);
    await picture(`datacenter-${name}-${issue.toLowerCase()}`, tab);
  });
}
