// Two agents write the notes of one session at once, each in a browser of their own.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { House, appFrame, say } from './house.mjs';
import { fits, looks } from './look.mjs';
import { choose, codeOf, createSession, row } from './steps.mjs';

/** The panel asks the server every eight seconds. */
const kLive = 30_000;

let house;
let agents;
before(async () => {
  house = await House.open();
  agents = house.world.seed.agents.slice(0, 2);
  for (const turn of agents.keys()) await house.world.linkedAgent(turn);
});
afterEach(() => house.rest());
after(() => house?.close());

/** Both at the panel of one issue, whose session the first has created. `options`: of the second's browser. */
async function bothAt(issue, { language = 'en', ...options } = {}) {
  const { key } = house.world.seed.issues[issue];
  await house.prefer(agents[0].accountId, { locale: 'en-US' });
  await house.prefer(agents[1].accountId, { locale: language === 'fr' ? 'fr-FR' : 'en-US' });
  const first = await appFrame(await house.visit(agents[0], `/browse/${key}`));
  const code = await codeOf(await createSession(first));
  const tab = await house.visit(agents[1], `/browse/${key}`, options);
  const second = await appFrame(tab);
  await row(second, { code }).waitFor();
  return { code, first, tab, second, key };
}

/** Opens `entry` of the session's menu and types into its field, which comes back. */
async function type(panel, code, { entry, label, notes, language = 'en' }) {
  await choose(row(panel, { code }), say(language, entry), language);
  const field = panel.getByLabel(say(language, label));
  await field.fill(notes);
  return field;
}
const noting = { entry: 'session.note', label: 'session.notes_label' };
const closing = { entry: 'session.close', label: 'session.close_notes' };
const save = (panel, language = 'en') => panel.getByRole('button', { name: say(language, 'session.notes_save') }).click();
const close = (panel, language = 'en') => panel.getByRole('group').getByRole('button', { name: say(language, 'session.close'), exact: true });
/** What stands there now, beside what was typed; it has focus. */
async function theirs(panel, notes, language = 'en') {
  const shown = panel.getByRole('group', { name: say(language, 'error.notes_changed') });
  await shown.getByText(notes, { exact: true }).waitFor();
  await shown.and(panel.locator(':focus')).waitFor();
}

for (const [language, hers, theirNotes, both] of [
  ['en', 'Cable changed.', 'Driver rolled back.', 'Driver rolled back, cable changed.'],
  ['fr', 'Câble changé.', 'Pilote réinstallé.', 'Pilote réinstallé, câble changé.'],
]) {
  test(`${language}: the second to save sees what the first wrote beside her own, and keeps hers, by keyboard`, async () => {
    const { code, first, tab, second } = await bothAt(language === 'fr' ? 1 : 0, { language, axe: true });
    const field = await type(second, code, { ...noting, language, notes: hers });
    await type(first, code, { ...noting, notes: theirNotes });
    await save(first);
    await row(first, { code }).getByText(theirNotes).waitFor();

    await save(second, language);
    await theirs(second, theirNotes, language);
    assert.equal(await field.inputValue(), hers);
    await looks(tab, second, 'panel-notes-both', language);

    await field.fill(both);
    await tab.keyboard.press('Tab');
    await second.getByRole('button', { name: say(language, 'session.notes_keep') }).and(second.locator(':focus')).waitFor();
    await tab.keyboard.press('Enter');
    for (const panel of [second, first]) await row(panel, { code }).getByText(both).waitFor({ timeout: kLive });
  });
}

test('a question before closing is not answered over what another agent wrote: she takes theirs, and closes', async () => {
  const { code, first, second, key } = await bothAt(2, { language: 'fr', width: 330 });
  const field = await type(second, code, { ...closing, language: 'fr', notes: 'Câble changé.' });
  await type(first, code, { ...noting, notes: 'Driver rolled back.' });
  await save(first);
  await row(first, { code }).getByText('Driver rolled back.').waitFor();

  await close(second, 'fr').click();
  await theirs(second, 'Driver rolled back.', 'fr');
  assert.equal(await close(second, 'fr').isDisabled(), true);
  await fits(second, 'the question with both notes, 240 px wide');
  assert.equal(await second.evaluate(() => document.documentElement.clientWidth), 240);
  const stands = async () => {
    const { sessions } = await house.world.agent(0, key).expect(200, 'GET', '/v1/sessions');
    return sessions.map(({ state, notes }) => [state, notes]);
  };
  assert.deepEqual(await stands(), [['open', 'Driver rolled back.']]);

  await second.getByRole('button', { name: say('fr', 'session.notes_take') }).click();
  await field.and(second.locator(':focus')).waitFor();
  assert.equal(await field.inputValue(), 'Driver rolled back.');
  await close(second, 'fr').click();
  await row(second, { code, state: say('fr', 'state.closed') }).waitFor({ timeout: kLive });
  assert.deepEqual(await stands(), [['closed', 'Driver rolled back.']]);
});

test('or keeps hers, and closes', async () => {
  const { code, first, second } = await bothAt(3);
  await type(second, code, { ...closing, notes: 'Cable changed.' });
  await type(first, code, { ...noting, notes: 'Driver rolled back.' });
  await save(first);
  await row(first, { code }).getByText('Driver rolled back.').waitFor();

  await close(second).click();
  await theirs(second, 'Driver rolled back.');
  await second.getByRole('button', { name: say('en', 'session.notes_keep_close') }).click();
  for (const panel of [second, first]) await row(panel, { code, state: 'Closed' }).getByText('Cable changed.').waitFor({ timeout: kLive });
});
