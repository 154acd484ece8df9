// Beside a Jira Data Center without a mouse: from signing in to what came of the session, focus always in sight.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { openDataCenter, people } from '../harness/datacenter.mjs';
import { until } from '../harness/wait.mjs';
import { Beside, opens } from './beside.mjs';
import { House, say } from './house.mjs';
import { focusIs, focusIsKept, press, tabTo } from './keys.mjs';
import { codeOf, row } from './steps.mjs';

/** Patience in milliseconds: a panel asks every 8 s. */
const kComes = { timeout: 30_000 };

let house;
let dc;
before(async () => {
  house = await House.open({ open: openDataCenter, partitioned: true });
  dc = new Beside(house, 'dc');
});
afterEach(() => house.rest());
after(() => house?.close());

/** The button of a page of ours, or of another's: it opens a window or a tab. */
const leads = (tab, page, key) => opens(tab, () => press(tab, page, key));

async function signIn(tab, page) {
  await dc.asks(page).waitFor();
  const window = await leads(tab, page, say('en', 'sign_in.button'));
  await window.getByRole('button', { name: 'Allow' }).waitFor();
  // It may be gone before the key is up again.
  await press(window, window, 'Allow').catch((error) => assert.ok(window.isClosed(), error));
  await until('the window has gone', () => window.isClosed());
  await tab.bringToFront();
  await dc.asks(page).waitFor({ state: 'detached' });
}

/** From `begin` over TeamViewer's page to `finish`. */
async function consent(page, begin, finish) {
  const provider = await leads(page, page, say('en', begin));
  const mine = provider.getByLabel(new RegExp(people.agent.displayName)).first();
  await mine.waitFor();
  await tabTo(provider, provider, new RegExp('@'));   // the group is one stop, arrows go from one to the next
  for (let presses = 0; !await mine.isChecked(); presses += 1) {
    assert.ok(presses < 20, 'the account is reached');
    await provider.keyboard.press(presses === 0 ? 'Space' : 'ArrowDown');
  }
  await press(provider, provider, 'Allow');
  await provider.getByRole('button', { name: say('en', finish), exact: true }).waitFor();
  await press(provider, provider, say('en', finish));
  await provider.getByRole('button', { name: say('en', finish), exact: true }).waitFor({ state: 'detached' });
  await provider.close();
  await page.bringToFront();
  await page.getByRole('button', { name: say('en', 'account.disconnect'), exact: true }).waitFor();
}

test('sign in, connect, reach somebody, invite, connect to the session, close, and read the result', async () => {
  const tab = await dc.visit(people.agent, '/browse/DESK-1');
  const panel = await dc.panelOf(tab);
  await signIn(tab, panel);
  await focusIsKept(panel);

  const account = await leads(tab, panel, say('en', 'panel.connect'));
  await signIn(account, account);
  await consent(account, 'account.connect', 'account.finish');
  await consent(account, 'reports_access.allow', 'reports_access.finish');
  await account.close();

  await tab.bringToFront();
  const contact = panel.getByRole('listitem', { name: people.reporter.displayName, exact: true });
  await contact.getByRole('button', { name: say('en', 'mode.chat') }).waitFor(kComes);
  const launched = await leads(tab, panel, say('en', 'mode.chat'));
  await launched.getByText('The client would start').first().waitFor();
  await launched.close();
  await tab.bringToFront();
  await focusIs(panel, say('en', 'mode.chat'));

  await press(tab, panel, say('en', 'create.session'));
  await focusIs(panel, say('en', 'create.customer'));
  await tabTo(tab, panel, say('en', 'create.description'), { most: 3 });
  await tab.keyboard.type(' Typed by keyboard.');
  await press(tab, panel, say('en', 'create.session'), { most: 4 });
  const session = row(panel, { state: say('en', 'state.open') });
  await session.getByText(say('en', 'step.invitation.done')).waitFor(kComes);
  await focusIs(panel, /, Open$/);
  const code = await codeOf(session);

  await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
  await row(panel, { code, state: say('en', 'state.customer_present') }).waitFor(kComes);
  await focusIsKept(panel);
  const supporter = await leads(tab, panel, say('en', 'session.connect'));
  await supporter.getByRole('button', { name: 'Connect' }).waitFor();
  await press(supporter, supporter, 'Connect');
  await supporter.getByRole('button', { name: 'End connection' }).waitFor();
  house.world.clock.advance({ minutes: 12 });   // longer than a token of the page lives: nobody is asked anything
  await press(supporter, supporter, 'End connection');
  await supporter.getByRole('button', { name: 'Connect' }).waitFor();
  await supporter.close();

  await tab.bringToFront();
  await focusIsKept(panel);
  await press(tab, panel, /^More actions for s\d/, { key: 'Shift+Tab' });
  await focusIs(panel, say('en', 'session.copy_link'));
  await tab.keyboard.press('End');
  await focusIs(panel, say('en', 'session.close'));
  await tab.keyboard.press('Enter');
  await tabTo(tab, panel, say('en', 'session.close_notes'), { most: 2 });
  await tab.keyboard.type('Done by keyboard');
  await press(tab, panel, say('en', 'session.close'), { most: 2 });
  await row(panel, { code, state: say('en', 'state.closed') }).waitFor(kComes);
  house.world.clock.advance({ minutes: 2 });
  const result = row(panel, { code, state: say('en', 'state.reported') });
  await result.getByText('12 min').waitFor(kComes);
  await result.getByText('Done by keyboard').waitFor();
  await focusIsKept(panel);
});
