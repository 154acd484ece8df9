// What goes on with a session that is open: another in its place, the invitation again, notes, and since when the customer is there.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { until } from '../harness/wait.mjs';
import { House, appFrame, say } from './house.mjs';
import { looks } from './look.mjs';
import { choose, codeOf, createSession, row } from './steps.mjs';

/** A panel asks every eight seconds, and brings a look at TeamViewer with it. */
const kLive = 20_000;   // patience, not the promise of ten seconds: a busy machine takes its time

let house;
let agent;
before(async () => {
  house = await House.open();
  [agent] = house.world.seed.agents;
  await house.world.linkedAgent(0);
});
afterEach(() => house.rest());
after(() => house?.close());

const tickets = () => house.world.seed.issues.filter(({ key, reporter }) => key !== house.world.seed.issue.key && reporter !== agent.accountId && !reporter.startsWith('qm:'));

for (const language of ['en', 'fr']) {
  const locale = language === 'fr' ? 'fr-FR' : 'en-US';

  test(`${language}: replaced for a longer time, joined, noted`, async () => {
    await house.prefer(agent.accountId, { locale });
    const { key } = tickets()[language === 'fr' ? 1 : 0];
    const tab = await house.visit(agent, `/browse/${key}`, { axe: true });
    const panel = await appFrame(tab);
    const old = await codeOf(await createSession(panel, { language }));
    const state = (name) => say(language, `state.${name}`);

    await choose(row(panel, { code: old }), say(language, 'session.replace'), language);
    await panel.getByLabel(say(language, 'create.validity'), { exact: true }).selectOption('10080');
    await looks(tab, panel, 'panel-replace', language);
    await panel.getByRole('group').getByRole('button', { name: say(language, 'session.replace') }).click();
    const fresh = panel.getByRole('listitem').filter({ hasText: say(language, 'session.replaces', { code: old }) });
    await fresh.getByText(say(language, 'step.invitation.done')).waitFor();
    const code = await codeOf(fresh);
    assert.notEqual(code, old);
    await row(panel, { code: old }).getByText(say(language, 'session.replaced_by', { code })).waitFor();
    await looks(tab, panel, 'panel-replaced', language);

    // By what happens in the world: the customer follows the new link.
    await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
    await row(panel, { code, state: state('customer_present') }).getByText(new RegExp(say(language, 'session.here_since', { time: '.*' }))).waitFor({ timeout: kLive });
    await row(panel, { code: old, state: state('closed') }).waitFor({ timeout: kLive });

    await choose(row(panel, { code }), say(language, 'session.note'), language);
    await panel.getByLabel(say(language, 'session.notes_label')).fill('Paper sensor cleaned.\nCall again on Friday.');
    await panel.getByRole('button', { name: say(language, 'session.notes_save') }).click();
    await row(panel, { code }).getByText('Paper sensor cleaned.').waitFor();
    await looks(tab, panel, 'panel-notes', language);
  });
}

test('the invitation sent again is another comment, and the first goes; too soon, it says so', async () => {
  await house.prefer(agent.accountId, { locale: 'en-US' });
  const { key } = tickets()[2];
  const tab = await house.visit(agent, `/browse/${key}`);
  const panel = await appFrame(tab);
  const session = await createSession(panel);
  const code = await codeOf(session);
  const button = panel.getByRole('group').getByRole('button', { name: 'Send again' });
  await choose(row(panel, { code }), 'Send again');
  await button.click();
  await panel.getByText(/sent less than 5 minutes ago, so it was not sent again/).waitFor();
  house.world.clock.advance({ seconds: 301 });
  // The server looks at its clock every now and then.
  await until('it is sent', async () => {
    if (await button.count() === 0) return true;
    await button.click();
    return undefined;
  }, { every: 300 });
  await row(panel, { code }).getByText('The invitation is being sent again.').waitFor();
  const stands = async () => {
    const { jira } = await house.world.sandbox.state();
    return jira.sites.flatMap(({ issues }) => issues).find((issue) => issue.key === key).comments.filter(({ text }) => text.includes(code));
  };
  const [first] = (await house.world.sandbox.journal({ kind: 'comment.created' })).filter(({ object }) => object.issueKey === key);
  await until('one comment stands, the second', async () => {
    const now = await stands();
    return (now.length === 1 && now[0].id !== first.object.comment) || undefined;
  });
});

test('two agents change one session at the same time: one wins, and the other reads how it stands and has a panel that shows it', async () => {
  await house.prefer(agent.accountId, { locale: 'en-US' });
  const other = house.world.seed.agents[1];
  await house.prefer(other.accountId, { locale: 'en-US' });
  await house.world.linkedAgent(1);
  const { key } = tickets().find(({ reporter }) => reporter !== other.accountId);
  const tab = await house.visit(agent, `/browse/${key}`);
  const panel = await appFrame(tab);
  const code = await codeOf(await createSession(panel));
  const theirs = await house.visit(other, `/browse/${key}`);
  const their = await appFrame(theirs);
  await choose(row(their, { code }), 'Replace');
  const replace = their.getByRole('group').getByRole('button', { name: 'Replace', exact: true });
  await replace.waitFor();
  // Until they press they hear nothing more.
  const held = [];
  await theirs.route('**/_forge/invoke', (route) => (route.request().postData()?.includes('/v1/panel') ? held.push(route) : route.continue()));

  await choose(row(panel, { code }), 'Close session');
  await row(panel, { code }).getByRole('button', { name: 'Close session' }).click();
  await row(panel, { code, state: 'Closed' }).waitFor();

  const made = async () => (await house.world.sandbox.state()).teamviewer.sessions.length;
  const before = await made();
  await replace.click();
  await their.getByText(/The session is in the state “Closed”, where this cannot be done\. Nothing was changed/).first().waitFor();
  await Promise.all(held.map((route) => route.continue()));
  await theirs.unroute('**/_forge/invoke');
  await row(their, { code, state: 'Closed' }).waitFor();
  assert.equal(await made(), before, 'nothing was made in its place');
});
