// The sandbox's pages as a visitor of ./run meets them: the start page says what is still to be done, and every page leads back to it.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Visitor } from '../harness/http.mjs';
import { root } from '../harness/program.mjs';
import { World } from '../harness/world.mjs';

let world;
before(async () => { world = await World.open({ paired: false }); });
after(() => world.close());

const site = () => world.sandbox.addresses.site;
const steps = async (home = site()) => {
  const { text } = await new Visitor().follow(`${home}/`);
  return [...text.match(/<h2>The way through<\/h2><ol>([\s\S]*?)<\/ol>/)[1].matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, step]) => step.replace(/<[^>]*>/g, ''));
};
const pageAs = async (person, path) => (await new Visitor().follow(`${site()}${path}?as=${encodeURIComponent(person.accountId)}`)).text;

test('the first step follows the app: not installed, without an address, with one', async () => {
  const { installation, cloudId } = world.sites.find(({ host }) => host === 'jira.localhost');
  const pair = `belayd pair --site ${site()}`;
  let [first] = await steps();
  assert.ok(first.startsWith(`Set up Belay as ${world.seed.admin.name}`), first);
  assert.ok(first.includes(`talks to ${world.publicUrl}`) && first.includes('has paired the two already') && first.includes(pair), first);

  await world.sandbox.control('POST', 'uninstall', { installation });
  [first] = await steps();
  assert.ok(first.startsWith('Install Belay'), first);

  await world.sandbox.control('POST', 'install', { installation: cloudId, account: world.seed.admin.accountId });
  let second;
  [first, second] = await steps();
  assert.ok(!second.includes('./run'), second);
  assert.ok(first.startsWith('Set up Belay') && first.includes("Give the app the server's address") && first.includes(pair), first);

  const { json } = await world.sandbox.control('POST', 'install', { installation: cloudId, account: world.seed.admin.accountId, remote: world.publicUrl });
  assert.ok(json.installations.some((one) => one.site === cloudId && one.installed));
});

test('the second step names the page as the avatar menu does, and the person whom ./run links', async () => {
  const [agent] = world.seed.agents;
  const { title } = JSON.parse(readFileSync(join(root, 'forge/locales/en-US.json'), 'utf8')).account;
  const [, second] = await steps();
  assert.ok(second.startsWith(`Connect a TeamViewer account as ${agent.name}`), second);
  assert.ok(second.includes(`called ${title} in the menu`) && second.includes('./run has connected this person already'), second);
  assert.ok((await pageAs(agent, '/')).includes(`>${title}</a>`), 'the menu');
});

test('text of either direction stands as its reader expects it', async () => {
  const issue = world.seed.issues.find(({ description }) => /\p{Script=Arabic}/u.test(description));
  const text = await pageAs(world.seed.agents[0], `/browse/${issue.key}`);
  assert.ok(text.includes(`<p dir="auto">${issue.description}</p>`), 'the description');
  for (const comment of issue.comments) assert.ok(text.includes(`<p dir="auto">${comment.text}</p>`), 'a comment');
});

test('from every host of TeamViewer two links lead on: to its accounts, and back to the start page', async () => {
  const { teamviewer_authorize: authorize, teamviewer_launch: launch } = world.sandbox.addresses;
  const { origin } = new URL(authorize);
  for (const page of [`${origin}/`, `${origin}/v15/s000000000`, `${authorize}?client_id=nobody`, `${launch}/contact/c1/authorization/prompt/mode/control`]) {
    const { text, url } = await new Visitor().visit(page);
    const [accounts, back] = [...text.match(/<header>([\s\S]*?)<\/header>/)[1].matchAll(/href="([^"]*)"/g)].map(([, href]) => new URL(href, url).href);
    assert.equal((await new Visitor().visit(accounts)).location, `${origin}/`, page);
    assert.equal((await new Visitor().visit(back)).location, `${site()}/`, page);
  }
});
