// The customer's page beside their request in the portal: an invitation comes by itself, is joined, and followed to its end. Where the admin wants it, help is asked for
// there, and the agent's panel answers.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { saveSettings } from '../contract/steps.mjs';
import { House, appFrame, isolated, say } from './house.mjs';
import { axeClean, fits, inFrench, looks, picture, turn } from './look.mjs';
import { leaveJira } from './steps.mjs';

let house;
let agent;
let caller;     // the agent, on the request
let customer;   // of the portal, who has no licence
let request;
before(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  customer = house.world.seed.people.findLast(({ type }) => type === 'customer');
  request = house.world.seed.issues.find(({ reporter }) => reporter === customer.accountId);
  caller = await house.world.linkedAgent(0, request.key);
});
afterEach(() => house.rest());
after(() => house?.close());

const name = () => isolated(agent.name);
const when = (id, what, wanted) => until(what, async () => {
  const { session } = await caller.expect(200, 'GET', `/v1/sessions/${id}`);
  return wanted(session) && session;
});
async function opened() {
  const { session: { id } } = await caller.expect(202, 'POST', '/v1/sessions', { customer: { id: customer.accountId } });
  return when(id, 'the session is open', ({ state, steps }) => state === 'open' && steps.invitation !== 'pending');
}
const close = async (id) => {
  await caller.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
  await when(id, 'it is closed', ({ steps }) => steps.closing === 'done');
};
const headline = (frame, kind, language = 'en') => frame.getByRole('heading', { name: say(language, `request.headline.${kind}`, { name: name() }), exact: true });
const join = (frame, language = 'en') => frame.getByRole('button', { name: say(language, 'request.join'), exact: true });
/** The page asks every 8 s, and brings a look at TeamViewer with it. */
const kComes = { timeout: 30_000 };

async function open(language = 'en', options = {}) {
  await house.prefer(customer.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
  const tab = await house.visit(customer, `/servicedesk/customer/portal/1/${request.key}`, { axe: true, width: 1100, height: 1000, ...options });
  return { tab, frame: await appFrame(tab) };
}

/** In both languages and themes: clean, nothing sticks out, also on a telephone. `kept`: the name of the pictures; `shown`: what is waited for. */
async function judged(kind, what, { kept, shown = (frame, language) => headline(frame, kind, language) } = {}) {
  for (const language of ['en', 'fr']) {
    for (const narrow of [false, true]) {
      const { tab, frame } = await open(language, narrow ? { width: 340 } : {});
      await shown(frame, language).waitFor();
      for (const theme of ['dark', 'light']) {
        await turn(tab, theme);
        await axeClean(frame, `${what}, ${language}, ${theme}`);
        if (kept && !narrow) await picture(`${language === 'fr' ? inFrench(kept) : kept}${theme === 'dark' ? '-dark' : ''}`, tab.locator('iframe.forge'));
      }
      await fits(frame, `${what}, ${language}${narrow ? ', narrow' : ''}`);
      await tab.context().close();
    }
  }
  await house.prefer(customer.accountId, { locale: 'en-US' });
}

test('nothing at the moment: how help comes, and nothing to press', async () => {
  await judged('none', 'portal, empty', { kept: 'request-empty' });
  const { frame } = await open();
  await headline(frame, 'none').waitFor();
  for (const role of ['button', 'link', 'listitem', 'form']) assert.equal(await frame.getByRole(role).count(), 0, role);
});

test('an invitation comes by itself, and is announced; joined, helped, over: the page follows', async () => {
  const { tab, frame } = await open();
  await headline(frame, 'none').waitFor();
  const { id, code } = await opened();
  await headline(frame, 'open').waitFor(kComes);
  await frame.getByRole('status').getByText(say('en', 'request.headline.open', { name: name() })).waitFor({ state: 'attached' });
  await frame.getByText(code, { exact: true }).waitFor();
  assert.equal(await frame.getByRole('list').getByRole('listitem').count(), 4, 'what happens then');
  await judged('open', 'portal, invitation', { kept: 'request-open' });

  // By keyboard. Whoever stays is told so, and is where they were.
  await tab.bringToFront();
  await join(frame).focus();
  await tab.keyboard.press('Enter');
  await tab.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await frame.locator('p', { hasText: say('en', 'request.stayed', { join: say('en', 'request.join') }) }).waitFor();
  await until('focus is back', () => frame.evaluate((label) => document.activeElement?.textContent === label, say('en', 'request.join')));

  const theirs = await leaveJira(tab, () => join(frame).click());
  await theirs.getByRole('heading', { name: `${agent.name} wants to help you` }).waitFor();
  await theirs.getByRole('button', { name: 'Join' }).click();
  await theirs.getByRole('heading', { name: 'You have joined the session' }).waitFor();
  await tab.bringToFront();
  await headline(frame, 'customer_present').waitFor(kComes);
  await frame.locator('main').getByText(say('en', 'request.text.customer_present', { name: name() }), { exact: true }).waitFor();
  assert.equal(await join(frame).count(), 0);

  await caller.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client: 'app' });
  await frame.locator('main').getByText(say('en', 'request.text.in_progress', { name: name(), provider: 'TeamViewer' }), { exact: true }).waitFor(kComes);
  await judged('in_progress', 'portal, connected', { kept: 'request-connected' });

  await close(id);
  await headline(frame, 'closed').waitFor(kComes);
  assert.equal(await frame.getByText(code).count(), 0);
  assert.equal(await frame.getByRole('button', { name: 'TeamViewer' }).count(), 0);
  await judged('closed', 'portal, ended', { kept: 'request-ended' });
});

test('somebody asks again: what ended before stands below, and what was typed in for a customer by name is nobody’s here', async () => {
  await caller.expect(202, 'POST', '/v1/sessions', { customer: { name: customer.name }, invitation: 'none' });
  const { frame } = await open();
  await headline(frame, 'closed').waitFor();
  const { id } = await opened();
  await headline(frame, 'open').waitFor(kComes);
  assert.equal(await join(frame).count(), 1);
  const past = frame.getByRole('region', { name: say('en', 'request.earlier') });
  await past.getByText(say('en', 'request.past.closed', { name: name() })).waitFor();
  assert.equal(await past.getByRole('listitem').count(), 1);
  await close(id);
});

test('the server is away: what is shown stays, with its age, until it is back', async () => {
  const { frame } = await open();
  await headline(frame, 'closed').waitFor();
  await house.world.belayd.stop();
  const again = frame.getByRole('button', { name: say('en', 'common.try_again') });
  await again.waitFor(kComes);
  await headline(frame, 'closed').waitFor();
  await axeClean(frame, 'portal while the server is away');
  await house.world.startBelayd();
  await again.click();
  await again.waitFor({ state: 'detached' });
});

test('help is asked for, taken back, asked for again; the panel says who waits, and a session made there is the answer', async () => {
  const asks = (frame, language = 'en') => frame.getByRole('button', { name: say(language, 'request.ask'), exact: true });
  const asked = (frame, language = 'en') => frame.getByRole('heading', { name: say(language, 'request.asked'), exact: true });
  await saveSettings(house.world.admin, () => ({ customersMayAsk: true }));
  await judged('closed', 'portal, help can be asked for', { kept: 'request-ask', shown: asks });

  const { frame } = await open();
  await asks(frame).click();
  await asked(frame).waitFor();
  await frame.getByRole('status').getByText(say('en', 'request.asked_text')).waitFor({ state: 'attached' });
  assert.equal(await asks(frame).count(), 0);
  await judged('asked', 'portal, waiting for help', { kept: 'request-asked', shown: asked });
  await frame.getByRole('button', { name: say('en', 'request.withdraw'), exact: true }).click();
  await headline(frame, 'closed').waitFor();
  assert.equal(await asked(frame).count(), 0);
  await asks(frame).click();
  await asked(frame).waitFor();

  for (const language of ['fr', 'en']) {
    await house.prefer(agent.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
    const tab = await house.visit(agent, `/browse/${request.key}`, { axe: true });
    const panel = await appFrame(tab);
    await panel.getByRole('region', { name: say(language, 'panel.asked', { name: isolated(customer.name) }), exact: true }).waitFor();
    await panel.getByRole('listitem', { name: customer.name }).first().waitFor();
    await looks(tab, panel, 'panel-asked', language, { dark: true });
    await tab.context().close();
  }
  const panel = await appFrame(await house.visit(agent, `/browse/${request.key}`));
  const section = panel.getByRole('region', { name: say('en', 'panel.asked', { name: isolated(customer.name) }), exact: true });
  await section.getByRole('button', { name: say('en', 'create.session'), exact: true }).click();
  const form = panel.getByRole('form');
  await form.waitFor();
  assert.equal(await form.getByLabel(say('en', 'create.customer'), { exact: true }).inputValue(), customer.accountId);
  await form.getByRole('button', { name: say('en', 'create.session'), exact: true }).click();
  await form.waitFor({ state: 'detached' });
  await section.waitFor({ state: 'detached', ...kComes });

  await headline(frame, 'open').waitFor(kComes);
  assert.equal(await asked(frame).count(), 0);
  assert.equal(await asks(frame).count(), 0);
  const { sessions } = await caller.expect(200, 'GET', '/v1/sessions');
  await close(sessions.find(({ state, customer: whose }) => state === 'open' && whose?.id === customer.accountId).id);
  await headline(frame, 'closed').waitFor(kComes);
  await asks(frame).waitFor();
  await saveSettings(house.world.admin, () => ({ customersMayAsk: false }));
});
