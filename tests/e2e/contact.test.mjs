// Somebody becomes a contact: each standing on the way, by what they do in Jira and at TeamViewer, on panels that are open already.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { say } from './house.mjs';
import { atTeamViewer, begin, bothPanels, button, end, goes, house, judge, kLive, moves, person, provider, rowOf, shows, standing, teamviewer } from './people_steps.mjs';

afterEach(() => house.rest());
before(() => begin((seed) => { seed.teamviewer.contacts = []; }));
after(end);

test('from a stranger to a contact and back, on panels that are open', async () => {
  // Somebody who has no account at TeamViewer yet: whoever has one becomes a contact at once.
  await moves('priya.raman@example.net');
  const panels = await bothPanels();
  const [{ frame: panel, tab }] = panels;
  await shows(panels, 'not_contact');
  await judge(panels, 'panel-person-add');

  await button(panel, 'en', 'person.add').click();
  await Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.invited_since', { time: say(language, 'time.just_now') })).waitFor({ timeout: kLive })));
  const [{ email }] = (await house.world.sandbox.journal({ kind: 'invitation.sent' })).map(({ more }) => more);
  assert.equal(email, person.email);
  assert.equal(await button(panel, 'en', 'person.resend').getAttribute('aria-disabled'), 'true');
  await judge(panels, 'panel-person-invited');
  await button(panel, 'en', 'person.resend').click({ force: true });   // off, and says why
  await rowOf(panel).locator('p').getByText(say('en', 'person.off.resend_too_early')).waitFor();

  // While they accept, a menu is open in one panel, and a form is being filled in in the other.
  await rowOf(panel).getByRole('button', { name: say('en', 'person.more', { name: person.name }) }).click();
  await panel.getByRole('menuitem', { name: say('en', 'create.session') }).waitFor();
  await panels[1].frame.getByRole('button', { name: say('fr', 'create.session'), exact: true }).click();
  const description = panels[1].frame.getByLabel(say('fr', 'create.description'));
  await description.fill('tapé à moitié');
  await atTeamViewer('/', (page) => page.getByRole('button', { name: `Accept for ${person.email}` }).click());
  await shows(panels, 'offline');
  assert.ok(await panel.getByRole('menuitem', { name: say('en', 'create.session') }).isVisible(), 'the menu is still open');
  assert.equal(await panel.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem', 'focus is in it');
  assert.equal(await description.inputValue(), 'tapé à moitié');
  assert.ok(await description.evaluate((element) => element === document.activeElement), 'focus is in the form');
  await panel.getByRole('menu').press('Escape');
  await panels[1].frame.getByRole('button', { name: say('fr', 'common.cancel') }).click();
  await judge(panels, 'panel-person-offline');

  for (const presence of ['Busy', 'Away', 'Online']) {
    await goes(presence);
    await shows(panels, presence.toLowerCase());
    const offered = await rowOf(panel).getByRole('button').count();
    assert.equal(offered, 5, presence);
    await judge(panels, `panel-person-${presence.toLowerCase()}`);
  }
  await teamviewer({ accounts: [{ email: person.email, features: 'chat, meeting' }] });
  await Promise.all(panels.map(({ frame }) => rowOf(frame).locator('[aria-disabled]').nth(1).waitFor({ timeout: kLive })));
  await tab.bringToFront();
  await button(panel, 'en', 'mode.chat').focus();
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Tab');
  assert.equal(await panel.evaluate(() => document.activeElement.getAttribute('aria-label')), say('en', 'mode.control'), 'a button that is off is a stop too');
  await rowOf(panel).locator('.tip').getByText(say('en', 'person.off.not_supported', { provider })).nth(1).waitFor({ state: 'visible' });
  await judge(panels, 'panel-person-unsupported');
  await tab.keyboard.press('Enter');
  await rowOf(panel).locator('p').getByText(say('en', 'person.off.not_supported', { provider })).waitFor();
  await teamviewer({ accounts: [{ email: person.email, features: 'remote_control, videocall, chat, meeting' }] });

  await teamviewer({ settings: { down: true } });
  await Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.last_known', { presence: say(language, 'standing.online') })).first().waitFor({ timeout: 2 * kLive })));
  await panel.locator('footer').getByText(say('en', 'error.reason.provider_unreachable', { provider })).waitFor();
  house.world.clock.advance({ seconds: 40 });
  await Promise.all(panels.map(({ frame }) => rowOf(frame).getByText(/^\d+ s ago$|^il y a \d+\ss$/).waitFor({ timeout: kLive })));
  await judge(panels, 'panel-provider-away');
  await teamviewer({ settings: { down: false } });
  await panel.locator('footer').getByRole('button', { name: say('en', 'common.try_again') }).click();
  await shows(panels, 'online');
});
