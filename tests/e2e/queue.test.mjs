// The page among the queues of a service project: who waits comes by itself, by asking or by joining, and is the way to the request.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { saveSettings } from '../contract/steps.mjs';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { axeClean, fits, inFrench, picture, turn } from './look.mjs';

const kComes = { timeout: 20_000 };   // it asks every eight seconds

let house;
let agent;
let caller;
let requests;   // of the service project, with a customer of the portal each
before(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  const { seed } = house.world;
  const customers = new Set(seed.people.filter(({ type }) => type === 'customer').map(({ accountId }) => accountId));
  requests = seed.issues.filter(({ reporter }) => customers.has(reporter));
  caller = await house.world.linkedAgent(0, requests[0].key);
  await saveSettings(house.world.admin, () => ({ customersMayAsk: true }));
});
afterEach(() => house.rest());
after(() => house?.close());

const region = (frame, key, language = 'en') => frame.getByRole('region', { name: say(language, key), exact: true });
async function visit(language, { narrow = false } = {}) {
  await house.prefer(agent.accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
  const tab = await house.visit(agent, house.queuePage(requests[0].key.split('-')[0]), { axe: true, width: narrow ? 330 : 900, height: 700 });
  return { tab, frame: await appFrame(tab) };
}
/** As it looks in both languages and themes, wide and narrow. */
async function judged(name, shown) {
  for (const language of ['en', 'fr']) {
    for (const narrow of [false, true]) {
      const { tab, frame } = await visit(language, { narrow });
      await shown(frame, language).waitFor();
      for (const theme of ['dark', 'light']) {
        await turn(tab, theme);
        await axeClean(frame, `${name}, ${language}, ${theme}`);
        if (!narrow) await picture(`${language === 'fr' ? inFrench(name) : name}${theme === 'dark' ? '-dark' : ''}`, tab.locator('iframe.forge'));
      }
      await fits(frame, `${name}, ${language}${narrow ? ', narrow' : ''}`);
      await tab.context().close();
    }
  }
  await house.prefer(agent.accountId, { locale: 'en-US' });
}

test('nobody waits', async () => {
  await judged('queue-none', (frame, language) => frame.getByText(say(language, 'queue.none')));
});

test('who asks comes by itself and is announced; who joins a session too; the key leads to the request', async () => {
  const { tab, frame } = await visit('en');
  await frame.getByText(say('en', 'queue.none')).waitFor();
  await house.world.customer(requests[0]).expect(200, 'POST', '/v1/requests/ask');
  const waiting = region(frame, 'queue.waiting');
  await waiting.getByText(requests[0].summary).waitFor(kComes);
  await frame.getByRole('status').getByText(requests[0].key).waitFor({ state: 'attached' });
  const link = waiting.getByRole('link', { name: requests[0].key });
  await link.focus();

  const on = caller.with({ issue: requests[1].key });
  const { session: { id } } = await on.expect(202, 'POST', '/v1/sessions', { invitation: 'none', customer: { id: requests[1].reporter } });
  const open = await until('the session is open', async () => {
    const { session } = await on.expect(200, 'GET', `/v1/sessions/${id}`);
    return session.state === 'open' && session;
  });
  await region(frame, 'queue.open').getByText(requests[1].summary).waitFor(kComes);
  await house.world.sandbox.change({ teamviewer: { sessions: [{ code: open.code, online: true }] } });
  await waiting.getByText(requests[1].summary).waitFor(kComes);
  assert.ok(await link.evaluate((element) => element === document.activeElement), 'focus stays');
  assert.equal(await waiting.getByRole('listitem').count(), 2);
  await judged('queue', (page, language) => region(page, 'queue.waiting', language).getByText(requests[1].summary));

  await tab.bringToFront();
  await link.click();
  await tab.waitForURL(`**/browse/${requests[0].key}`);
});
