// A software project of Jira Cloud: the same panel and the same job as on a request, without anything of Service Management.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { House, appFrame, say } from './house.mjs';
import { codeOf, createSession } from './steps.mjs';

const kComes = { timeout: 20_000 };

let house;
let agent;
let issue;
before(async () => {
  house = await House.open();
  const { seed } = house.world;
  const { key } = seed.site.projects.find(({ kind }) => kind === 'software');
  [agent] = seed.agents;
  issue = seed.site.issues.find((one) => one.key.startsWith(`${key}-`));
  await house.world.linkedAgent(0, issue.key);
});
afterEach(() => house.rest());
after(() => house?.close());

test('who is on the issue and whether they can be reached; a session, its invitation for everybody on the issue, the customer joins, it ends', async () => {
  const tab = await house.visit(agent, `/browse/${issue.key}`);
  const panel = await appFrame(tab);
  const reporter = house.world.seed.people.find(({ accountId }) => accountId === issue.reporter);
  await panel.getByRole('listitem', { name: reporter.name }).first().waitFor(kComes);
  const session = await createSession(panel);
  const code = await codeOf(session);
  await tab.locator('#activity').getByText(code).waitFor(kComes);
  const { issues } = (await house.world.sandbox.state()).jira.sites[0];
  const written = issues.find(({ key }) => key === issue.key).comments.at(-1);
  assert.notEqual(written.jsdPublic, false, 'there is nothing internal here');
  await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: true }] } });
  await panel.getByText(say('en', 'state.customer_present')).first().waitFor(kComes);
  await house.world.sandbox.change({ teamviewer: { sessions: [{ code, online: false, state: 'closed' }] } });
  await panel.getByRole('listitem', { name: new RegExp(`${code}.*, (${say('en', 'state.closed')}|${say('en', 'state.reported')})`) }).waitFor(kComes);
});
