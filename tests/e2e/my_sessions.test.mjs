// An agent's own page: their sessions over all issues, who waits first; and from there to the issue.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, fits, inFrench, picture, turn } from './look.mjs';

let house;
let agent;
let caller;
let issues;
before(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  issues = house.world.seed.issues;
  caller = await house.world.linkedAgent(0);
});
afterEach(() => house.rest());
after(() => house?.close());

const on = (n) => caller.with({ issue: issues[n].key });
const when = (who, id, what, wanted) => until(what, async () => {
  const { session } = await who.expect(200, 'GET', `/v1/sessions/${id}`);
  return wanted(session) && session;
});
async function opened(n, body = {}) {
  const { session: { id } } = await on(n).expect(202, 'POST', '/v1/sessions', { customer: { id: issues[n].reporter }, ...body });
  return when(on(n), id, 'the session is open', ({ state, steps }) => state === 'open' && steps.invitation !== 'pending');
}

/** `name`: kept as a picture of this name, in the language of the visit. */
async function visit(language, what, { name, prepare, ...options } = {}) {
  await house.prefer(agent.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
  const tab = await house.visit(agent, house.ownPage, { axe: true, width: 900, height: 900, ...options });
  const frame = await appFrame(tab);
  await prepare(frame);
  for (const theme of ['dark', 'light']) {
    await turn(tab, theme);
    await axeClean(frame, `${what}, ${language}, ${theme}`);
    if (name) await picture(`${language === 'fr' ? inFrench(name) : name}${theme === 'dark' ? '-dark' : ''}`, tab.locator('iframe.forge'));
  }
  await fits(frame, `${what}, ${language}`);
  await house.prefer(agent.accountId, { locale: 'en-US' });
  return { tab, frame };
}

test('nothing yet', async () => {
  for (const language of ['en', 'fr']) {
    const prepare = (frame) => frame.getByText(say(language, 'mine.none')).waitFor();
    await visit(language, 'own page, empty', { prepare, name: 'my-sessions-empty' });
  }
});

test('who waits, what is open on several issues, what is over; live; to the issue', async () => {
  const over = await opened(0);
  await on(0).expect(202, 'POST', `/v1/sessions/${over.id}/close`, {});
  await when(on(0), over.id, 'closed', ({ steps }) => steps.closing === 'done');
  house.world.clock.advance({ minutes: 18 });
  const open = await opened(1);
  const waiting = await opened(3);

  const { tab, frame } = await visit('en', 'own page', { prepare: (page) => page.getByText(waiting.code).waitFor() });
  assert.equal(await frame.getByRole('region', { name: say('en', 'mine.waiting') }).count(), 0);
  const issueLink = frame.getByRole('link', { name: issues[1].key });
  await issueLink.focus();
  await house.world.sandbox.change({ teamviewer: { sessions: [{ code: waiting.code, online: true }] } });
  await on(3).expect(200, 'GET', '/v1/panel');   // somebody has the issue open, so its session is asked about often
  await frame.getByRole('region', { name: say('en', 'mine.waiting') }).getByText(waiting.code).waitFor({ timeout: 25_000 });
  assert.ok(await issueLink.evaluate((element) => element === document.activeElement), 'focus stays');
  for (const language of ['en', 'fr']) {
    const prepare = (page) => page.getByRole('region', { name: say(language, 'mine.waiting') }).waitFor();
    await visit(language, 'own page, waiting', { prepare, name: 'my-sessions' });
    await visit(language, 'own page, narrow', { prepare, width: 330 });
  }
  const [recent] = await frame.getByRole('region', { name: say('en', 'mine.recent') }).getByRole('listitem').filter({ hasText: over.code }).allInnerTexts();
  assert.match(recent, /1[89] min ago/, 'by the server’s clock, which is 18 minutes ahead of this browser’s');
  await frame.getByRole('region', { name: say('en', 'mine.open') }).getByText(open.code).waitFor();
  await tab.bringToFront();
  await issueLink.focus();
  await tab.keyboard.press('Enter');
  await tab.waitForURL((url) => url.pathname === `/browse/${issues[1].key}`);
});

test('the server is away: what is shown stays, with its age, until it is back', async () => {
  const { frame } = await visit('en', 'own page', { prepare: (page) => page.getByRole('region', { name: say('en', 'mine.open') }).waitFor() });
  await house.world.belayd.stop();
  await frame.getByRole('button', { name: say('en', 'common.refresh') }).click();
  await frame.locator('footer').getByText(say('en', 'error.local.no_server')).waitFor();
  assert.ok(await frame.getByRole('listitem').count() > 0);
  await axeClean(frame, 'own page while the server is away');
  await house.world.startBelayd();
  await frame.getByRole('button', { name: say('en', 'common.try_again') }).click();
  await frame.getByRole('button', { name: say('en', 'common.refresh') }).waitFor();
});
