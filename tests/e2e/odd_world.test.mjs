// People whom nobody planned for, on the panel: names of every kind, one address for two, three roles for one. Nothing overflows, overlaps or is lost.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { grown, say } from './house.mjs';
import { begin, bothPanels, end, house, issue, judge, rowOf, standing } from './people_steps.mjs';
import { createSession } from './steps.mjs';

/** `contact`: among the agent's contacts. TeamViewer keeps 200 characters of a name. */
const cast = {
  arabic: { name: '\u064a\u0627\u0633\u0645\u064a\u0646 \u0627\u0644\u062d\u062f\u0627\u062f (IT), 3', contact: true },
  hebrew: { name: '(\u05d3\u05e0\u05d4 \u05dc\u05d5\u05d9)' },
  emoji: { name: '\u{1f469}\u{1f3fd}\u200d\u{1f680} Zo\u00eb \u{1f3f3}\ufe0f\u200d\u{1f308}', contact: true },
  longest: { name: '\u540d'.repeat(255), contact: true },
  unbroken: { name: 'W'.repeat(255) },
  markup: { name: '<b>Bold</b><script>document.title = "gone"</script>', contact: true },
  twin: { name: 'First twin', email: 'the.twins@example.com', contact: true },
  otherTwin: { name: 'Other twin', email: 'the.twins@example.com' },
};
for (const [key, one] of Object.entries(cast)) Object.assign(one, { accountId: `712020:odd-${key}`, email: one.email ?? `${key.toLowerCase()}@example.com` });
const everybody = Object.values(cast);
const widths = [330, 390];   // of the tab; the panel is 90 narrower

function arrange(seed) {
  const [site] = seed.sites;
  const help = site.projects.find(({ kind }) => kind === 'service_desk');
  const ticket = site.issues.find(({ key }) => key.startsWith(`${help.key}-`));
  for (const { accountId, name, email } of everybody) {
    site.people.push({ accountId, name, email, emailVisible: true, groups: ['staff'] });
    help.roles['Service Desk Customers'].push(accountId);
  }
  Object.assign(ticket, { assignee: ticket.reporter, participants: everybody.map(({ accountId }) => accountId) });   // who reports and speaks is the assignee too
  const [{ owner }] = seed.teamviewer.contacts;
  for (const { name, email } of everybody.filter(({ contact }) => contact)) {
    seed.teamviewer.accounts.push({ email, name: [...name].slice(0, 200).join(''), presence: 'online', features: 'remote_control, videocall, chat, meeting', licence: { type: 'Free', paid: false } });
    seed.teamviewer.contacts.push({ owner, email });
  }
}

before(() => begin(arrange));
afterEach(() => house.rest());
after(end);

async function panelsWithAll(width) {
  const panels = await bothPanels({ width });
  for (const { frame, language } of panels) {
    await frame.getByRole('button', { name: new RegExp(say(language, 'panel.show_all', { count: '\\d+' })) }).click();
    await standing(frame, language, 'online', cast.arabic).waitFor();
    assert.equal(await frame.evaluate(() => document.documentElement.clientWidth), width - 90);
  }
  return panels;
}

/** Who is wider than the panel, and what lies over what. */
const faults = (frame) => frame.evaluate(() => {
  const found = [];
  const limit = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > limit) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  const boxOf = (element) => element.getBoundingClientRect();
  const apart = (one, other) => one.right <= other.left + 0.5 || other.right <= one.left + 0.5 || one.bottom <= other.top + 0.5 || other.bottom <= one.top + 0.5;
  const allApart = (elements, where) => elements.forEach((one, i) => elements.slice(i + 1).forEach((other) => {
    if (!apart(boxOf(one), boxOf(other))) found.push(`${where}: ${one.className} over ${other.className}`);
  }));
  // The dot before a role stands in front of what is shown where a line begins with it, and nothing stands behind any.
  for (const role of document.querySelectorAll('.person-roles > *')) {
    if (getComputedStyle(role, '::after').content !== 'none') found.push(`something stands behind ${role.textContent}`);
    const before = role.previousElementSibling;
    const text = document.createRange();
    text.selectNodeContents(role);
    const starts = !before || boxOf(before).top < boxOf(role).top;
    const name = role.closest('.person-title').querySelector('.person-name');
    if (starts && Math.abs(text.getBoundingClientRect().left - boxOf(role.closest('.person-title')).left) > 0.5) found.push(`${name.textContent.slice(0, 20)}: a line begins before or behind the name`);
  }
  const rows = [...document.querySelectorAll('.people > li, .sessions > li')];
  allApart(rows, 'rows');
  for (const row of rows) {
    const who = row.getAttribute('aria-label').slice(0, 20);
    if (boxOf(row).width > limit || row.scrollWidth > row.clientWidth) found.push(`${who} is ${row.scrollWidth} wide`);
    // The lines of a name that is too long are cut off below, at none of its sides.
    for (const element of row.querySelectorAll('.person-body *, .session *')) {
      if (element.closest('.tip, svg') === null && element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1) found.push(`${who}: ${element.className} is cut off`);
    }
    allApart([...row.querySelectorAll('.person-name, .person-roles, .person-standing, .person-actions, .person-head > button, .person-head > span')], who);
  }
  return found;
});

test('names of every kind: inside the panel, apart, each in its own direction, whole when asked for, and never more than text', async () => {
  for (const width of widths) {
    const panels = await panelsWithAll(width);
    for (const { frame, language } of panels) {
      assert.deepEqual(await faults(frame), [], `${language}, ${width}`);
      for (const { name } of everybody) {
        const shown = await frame.getByRole('listitem', { name, exact: true }).locator('.person-name').evaluate((element) => {
          const { direction, unicodeBidi } = getComputedStyle(element);
          return { text: element.textContent, title: element.title, direction, unicodeBidi, lines: Math.round(element.clientHeight / Number.parseFloat(getComputedStyle(element).lineHeight)) };
        });
        assert.deepEqual([shown.text, shown.title, shown.unicodeBidi], [name, name, 'isolate']);
        assert.equal(shown.direction, /[\u0590-\u06ff]/.test(name) ? 'rtl' : 'ltr', name);
        assert.ok(shown.lines >= 1 && shown.lines <= 3, `${name}: ${shown.lines} lines`);
      }
      assert.equal(await frame.locator('main b, main script').count(), 0);
      assert.doesNotMatch(await frame.title(), /gone/);
    }
    await judge(panels, width === widths[0] ? 'panel-odd-narrow' : 'panel-odd');
  }
});

test('two accounts with one address stand as two, each reachable; one person in three roles stands once, with all of them', async () => {
  const [{ frame }] = await panelsWithAll(390);
  for (const twin of [cast.twin, cast.otherTwin]) {
    await standing(frame, 'en', 'online', twin).waitFor();
    assert.equal(await rowOf(frame, twin).getByRole('button', { name: say('en', 'mode.chat') }).count(), 1);
  }
  const reporter = house.world.seed.people.find(({ accountId }) => accountId === issue.reporter);
  assert.deepEqual(await rowOf(frame, reporter).locator('.person-roles > *').allInnerTexts(), ['reporter', 'customer', 'assignee', 'commenter'].map((role) => say('en', `role.${role}`)));
});

test('pictures whose address TeamViewer ends in "[size]" are there, in one size', async () => {
  const [{ frame }] = await panelsWithAll(390);
  await rowOf(frame, cast.hebrew).getByRole('button', { name: say('en', 'person.map') }).click();
  await frame.getByLabel(say('en', 'map.field')).fill('twin');
  const found = frame.getByRole('list', { name: say('en', 'map.contacts') });
  const picture = found.locator('img').first();
  await picture.waitFor();
  assert.match(await picture.getAttribute('src'), /\/64$/);
  await picture.evaluate((image) => image.decode());
  assert.ok(await picture.evaluate(({ naturalWidth }) => naturalWidth > 0));
  assert.deepEqual(await faults(frame), []);
});

test('a form and a session for somebody whose name is 255 characters long', async () => {
  const panels = await panelsWithAll(330);
  const [{ frame }] = panels;
  const session = await createSession(frame, { customer: `${cast.longest.name} (${say('en', 'role.participant')})`, invitation: say('en', 'create.invitation.none') });
  await grown(session);
  const sentence = session.locator('p[title]');
  const whole = await sentence.getAttribute('title');
  assert.ok(whole.length >= 100 && cast.longest.name.startsWith(whole), `a session keeps its customer's name, perhaps not to its end: ${whole.length}`);
  assert.ok((await sentence.textContent()).includes(whole));
  await frame.getByRole('button', { name: say('en', 'create.session'), exact: true }).click();
  await frame.getByLabel(say('en', 'create.customer'), { exact: true }).selectOption(cast.arabic.accountId);
  await grown(session);
  assert.deepEqual(await faults(frame), []);
  await judge([panels[0]], 'panel-odd-session', { kept: false });
});

test('a presence that grows old says so in its row, which moves nothing', async () => {
  const panels = [];
  for (const width of widths) panels.push(...await panelsWithAll(width));
  const heights = ({ frame }) => frame.evaluate(() => [...document.querySelectorAll('.people > li')].map((row) => Math.round(row.getBoundingClientRect().height)));
  const before = await Promise.all(panels.map(heights));
  await house.world.belayd.stop();
  await Promise.all(panels.map(({ frame, language }) => rowOf(frame, cast.arabic).getByText(say(language, 'time.ago', { time: say(language, 'time.moments', { count: 10 }) }), { exact: true }).waitFor()));
  assert.deepEqual(await Promise.all(panels.map(heights)), before);
  for (const { frame } of panels) assert.deepEqual(await faults(frame), []);
  await judge(panels.slice(2), 'panel-old-presence', { kept: false });
  await house.world.startBelayd();
});
