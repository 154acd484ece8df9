// The agent's panel on the ticket, in a real browser.
import { after, afterEach, before, test } from 'node:test';
import { House, appFrame } from './house.mjs';

let house;
before(async () => { house = await House.open(); });
afterEach(() => house.rest());
after(() => house?.close());

test('from the start page to a ticket, where the panel offers to connect', async () => {
  const agent = house.world.seed.agents[0];
  const tab = await house.visit(agent, '/');
  await tab.getByRole('link', { name: house.world.seed.issue.key }).first().click();
  const panel = await appFrame(tab);
  await panel.getByRole('button', { name: 'Connect' }).waitFor();
});
