// What agents do beside a Jira Data Center and a Server once they are there: reaching people, and what came of a session, on the ticket and as time worked.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';

let world;
before(async () => { world = await openDataCenter(); });
after(() => world?.close());

const teamviewerAccount = async ({ email }) => (await world.sandbox.state()).teamviewer.accounts.find((account) => account.email === email).id;
const issueOf = async (site, key) => (await world.sandbox.state()).datacenter.sites.find(({ name }) => name === site).issues.find((issue) => issue.key === key);
const allowed = new Set();   // where leave to read the records was given
async function linked(site, issue, options = {}) {
  const agent = await (await onPanel(world, site, people.agent, issue)).signIn();
  const account = await teamviewerAccount(people.agent);
  if (!(await agent.expect(200, 'GET', '/v1/panel')).viewer.linked) await link(agent, { account });
  if (options.reports && !allowed.has(site)) await link(agent, { account, access: 'reports' });
  if (options.reports) allowed.add(site);
  return { agent, account };
}

for (const [site, issue] of [['dc', 'PRESS-1'], ['dc', 'DESK-1'], ['server', 'PRESS-1']]) {
  test(`${site}, ${issue}: whoever is reachable is reached by the four ways, and who is not there is not`, async () => {
    const { agent } = await linked(site, issue);
    const there = await until('presence is known', async () => {
      const { people: all } = await agent.expect(200, 'GET', '/v1/panel');
      const one = all.find(({ id }) => id === people.reporter.key);
      return one?.standing === 'online' && one;
    });
    assert.deepEqual(there.actions.filter((action) => ['chat', 'call', 'control', 'present'].includes(action)), ['chat', 'call', 'control', 'present']);
    for (const mode of ['chat', 'call', 'control', 'present']) {
      const { url } = await agent.expect(200, 'POST', `/v1/people/${people.reporter.key}/launch`, { mode });
      assert.ok(url.startsWith(`${world.sandbox.addresses.teamviewer_launch}/`), url);
    }
    const nobody = await agent.post('/v1/people/JIRAUSER99999/launch', { mode: 'chat' });
    assert.equal(nobody.status, 404);
  });
}

for (const [site, issue, internal] of [['dc', 'DESK-1', true], ['dc', 'PRESS-1', false], ['server', 'PRESS-1', false]]) {
  test(`${site}, ${issue}: how long, by whom, rating and notes stand on the ticket ${internal ? 'for the team' : 'in the invitation, without notes'}; the time is booked once, as the agent’s`, async () => {
    const { agent, account } = await linked(site, issue, { reports: true });
    const admin = (await (await onPanel(world, site, people.admin, issue)).signIn()).with({ page: 'admin', issue: undefined });
    const { installation: _i, health: _h, defaults: _d, ...settings } = await admin.expect(200, 'GET', '/v1/settings');
    await admin.expect(200, 'PUT', '/v1/settings', { ...settings, worklog: true });
    const when = (id, what, wanted) => until(what, async () => {
      const { session } = await agent.expect(200, 'GET', `/v1/sessions/${id}`);
      return wanted(session) ? session : undefined;
    });
    const before = await issueOf(site, issue);
    const { session: { id } } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Cleo Example' } });
    const { code } = await when(id, 'made and invited', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
    world.clock.advance({ seconds: 300 });
    await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, { notes: 'Driver {color}replaced' });
    await when(id, 'closed at the provider', ({ steps }) => steps.closing === 'done');
    await world.sandbox.change({ teamviewer: { records: [{ session: code, startedSecondsAgo: 250, seconds: 240, account, rating: 5 }] } });
    world.clock.advance({ seconds: 121 });
    await when(id, 'the report is written', ({ state }) => state === 'reported');
    const now = await until('the time is booked', async () => {
      const found = await issueOf(site, issue);
      return found.worklogs.length > before.worklogs.length && found;
    });
    const [worklog] = now.worklogs.slice(before.worklogs.length);
    assert.deepEqual([worklog.author, worklog.seconds], [people.agent.key, 240]);
    assert.ok(worklog.comment.endsWith(`(Belay ${id})`), worklog.comment);
    const written = now.comments.slice(before.comments.length);
    assert.deepEqual(written.map((comment) => comment.internal), internal ? [false, true] : [false]);
    const report = written.at(-1).body;
    assert.match(report, /4 min/);
    // Notes are for the team, and no markup.
    assert.equal(report.includes('Driver'), internal, report);
    assert.doesNotMatch(report, /(?<!\\)\{color\}/);
    assert.equal((await issueOf(site, issue)).worklogs.length, before.worklogs.length + 1);
  });
}
