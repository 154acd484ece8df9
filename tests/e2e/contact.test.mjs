// Somebody becomes a contact: each standing on the way, by what they do in Jira and at TeamViewer, on panels that are open already.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { say } from './house.mjs';
import { atTeamViewer, begin, bothPanels, button, end, goes, house, judge, kLive, moves, person, provider, rowOf, shows, standing, teamviewer } from './people_steps.mjs';

/** What is to be read under the name of a button that is shown at the moment: whose name, which role, which reason. */
const covered = (frame) => frame.evaluate(() => {
  const tip = [...document.querySelectorAll('.tip')].find((element) => element.getClientRects().length > 0).getBoundingClientRect();
  const over = (box) => box.left < tip.right - 0.5 && tip.left < box.right - 0.5 && box.top < tip.bottom - 0.5 && tip.top < box.bottom - 0.5;
  const lines = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    // A line of text is higher than its letters.
    return [...range.getClientRects()].map(({ left, right, top, bottom }) => ({ left, right, top: top + 4, bottom: bottom - 4 }));
  };
  return [...document.querySelectorAll('.person-name, .person-roles > *, .person-standing > *, .person-body > p, .section-head *')].filter((element) => lines(element).some(over)).map(({ textContent }) => textContent);
});

afterEach(() => house.rest());
before(() => begin((seed) => { seed.teamviewer.contacts = []; }));
after(end);

test('from a stranger to a contact and back, on panels that are open', async () => {
  // Somebody who has no account at TeamViewer yet: whoever has one becomes a contact at once.
  await moves('priya.raman@example.net');
  const panels = await bothPanels();
  const [{ frame: panel, tab }] = panels;
  await shows(panels, 'not_contact');
  await judge(panels, 'panel-person-add', { dark: true });

  await button(panel, 'en', 'person.add').click();
  await Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.invited_since', { time: say(language, 'time.just_now') })).waitFor({ timeout: kLive })));
  const [{ email }] = (await house.world.sandbox.journal({ kind: 'invitation.sent' })).map(({ more }) => more);
  assert.equal(email, person.email);
  assert.equal(await button(panel, 'en', 'person.resend').getAttribute('aria-disabled'), 'true');
  const again = { en: /^Can be sent again in 23 h 5\d$/, fr: /^Peut être renvoyée dans 23 h 5\d$/ };
  for (const { frame, language } of panels) await rowOf(frame).getByText(again[language]).waitFor();
  await judge(panels, 'panel-person-invited', { dark: true });
  await button(panel, 'en', 'person.resend').click({ force: true });   // off, and says why
  await rowOf(panel).locator('p').getByText(say('en', 'person.off.resend_too_early')).waitFor();

  // While they accept, a menu is open in one panel, and a form is being filled in in the other.
  await rowOf(panel).getByRole('button', { name: say('en', 'person.more', { name: person.name }) }).click();
  await panel.getByRole('menuitem', { name: say('en', 'create.session') }).waitFor();
  await panels[1].frame.getByRole('button', { name: say('fr', 'create.session'), exact: true }).click();
  const description = panels[1].frame.getByLabel(say('fr', 'create.description'));
  await description.fill('tapé à moitié');
  /** Where whoever stands below is, from the top of what can be scrolled. */
  const below = () => Promise.all(panels.map(({ frame }) => rowOf(frame).locator('xpath=following-sibling::li[1]').evaluate((row) => row.getBoundingClientRect().top - document.documentElement.getBoundingClientRect().top)));
  const before = await below();
  await atTeamViewer('/', (page) => page.getByRole('button', { name: `Accept for ${person.email}` }).click());
  await shows(panels, 'offline');
  assert.deepEqual(await below(), before, 'nobody below has moved');
  assert.ok(await panel.getByRole('menuitem', { name: say('en', 'create.session') }).isVisible(), 'the menu is still open');
  assert.equal(await panel.evaluate(() => document.activeElement.getAttribute('role')), 'menuitem', 'focus is in it');
  assert.equal(await description.inputValue(), 'tapé à moitié');
  assert.ok(await description.evaluate((element) => element === document.activeElement), 'focus is in the form');
  await panel.getByRole('menu').press('Escape');
  await panels[1].frame.getByRole('button', { name: say('fr', 'common.cancel') }).click();
  await judge(panels, 'panel-person-offline', { dark: true });

  for (const presence of ['Busy', 'Away', 'Online']) {
    await goes(presence);
    await shows(panels, presence.toLowerCase());
    const offered = await rowOf(panel).getByRole('button').count();
    assert.equal(offered, 5, presence);
    await judge(panels, `panel-person-${presence.toLowerCase()}`, { dark: true });
  }
  await teamviewer({ accounts: [{ email: person.email, features: 'chat, meeting' }] });
  await Promise.all(panels.map(({ frame }) => rowOf(frame).locator('[aria-disabled]').nth(1).waitFor({ timeout: kLive })));
  for (const { frame, language, tab: theirs } of panels) {
    await theirs.bringToFront();
    await button(frame, language, 'mode.chat').focus();
    for (let presses = 0; presses < 2; presses += 1) await theirs.keyboard.press('Tab');
    assert.equal(await frame.evaluate(() => document.activeElement.getAttribute('aria-label')), say(language, 'mode.control'), 'a button that is off is a stop too');
    await rowOf(frame).locator('.tip').getByText(say(language, 'mode.control'), { exact: true }).waitFor({ state: 'visible' });
    const modes = new Intl.ListFormat(language).format(['call', 'control'].map((mode) => say(language, `mode.${mode}`)));
    await rowOf(frame).getByText(say(language, 'person.cannot', { provider, modes }), { exact: true }).waitFor();
    assert.deepEqual(await covered(frame), [], language);
  }
  await tab.bringToFront();
  await judge(panels, 'panel-person-unsupported', { dark: true });
  await button(panel, 'en', 'mode.control').focus();
  await tab.keyboard.press('Enter');
  await rowOf(panel).locator('p').getByText(say('en', 'person.off.not_supported', { provider })).waitFor();
  assert.equal(await rowOf(panel).locator('.tip:visible').count(), 0, 'once pressed, its name covers nothing');
  await teamviewer({ accounts: [{ email: person.email, features: 'remote_control, videocall, chat, meeting' }] });

  await teamviewer({ settings: { down: true } });
  await Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.last_known', { presence: say(language, 'standing.online') })).first().waitFor({ timeout: 2 * kLive })));
  await panel.locator('footer').getByText(say('en', 'error.reason.provider_unreachable', { provider })).waitFor();
  house.world.clock.advance({ seconds: 40 });
  await Promise.all(panels.map(({ frame }) => rowOf(frame).getByText(/^\d+ s ago$|^il y a \d+\ss$/).waitFor({ timeout: kLive })));
  await judge(panels, 'panel-provider-away', { dark: true });
  await teamviewer({ settings: { down: false } });
  await panel.locator('footer').getByRole('button', { name: say('en', 'common.try_again') }).click();
  await shows(panels, 'online');
});

test('an invitation that was not answered is sent again after a day, by the button of the row, and not twice', async () => {
  await moves('still.waiting@example.net');
  const panels = await bothPanels();
  const [{ frame: panel }] = panels;
  await shows(panels, 'not_contact');
  await button(panel, 'en', 'person.add').click();
  const sent = async () => (await house.world.sandbox.journal({ kind: 'invitation.sent' })).map(({ more }) => more).filter(({ email }) => email === person.email);
  const invited = () => Promise.all(panels.map(({ frame, language }) => rowOf(frame).getByText(say(language, 'person.invited_since', { time: say(language, 'time.just_now') })).waitFor({ timeout: kLive })));
  await invited();
  await button(panel, 'en', 'person.resend').and(panel.locator('[aria-disabled="true"]')).waitFor();

  house.world.clock.advance({ hours: 24 });
  for (const { frame, language } of panels) {
    await button(frame, language, 'person.resend').and(frame.locator(':not([aria-disabled])')).waitFor({ timeout: kLive });
    await rowOf(frame).getByText(new RegExp(`^${say(language, 'person.resend_in').split('{')[0]}`)).waitFor({ state: 'detached' });
  }
  assert.deepEqual((await sent()).map(({ again }) => again), [false], 'nothing is sent again by itself');
  await button(panel, 'en', 'person.resend').click();
  await rowOf(panel).getByText(say('en', 'person.invited', { provider })).waitFor();
  await invited();
  assert.deepEqual((await sent()).map(({ again }) => again), [false, true]);

  for (const { frame, language } of panels) {
    await button(frame, language, 'person.resend').and(frame.locator('[aria-disabled="true"]')).waitFor({ timeout: kLive });
    await button(frame, language, 'person.resend').click({ force: true });   // off, and says why
    await rowOf(frame).locator('p').getByText(say(language, 'person.off.resend_too_early')).waitFor();
  }
  assert.equal((await sent()).length, 2);
});
