// What must not stand in the database in plain: tokens of Jira's and of TeamViewer's, the client secret, supporter links, one-use codes. Each is
// taken where it really appears, and looked for in the file and in what SQLite has not moved there yet.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

/** Stands between belayd and TeamViewer and keeps the tokens that are handed out. */
class Listener {
  tokens = [];

  static async start(teamviewer) {
    const listener = new Listener();
    listener.server = http.createServer((incoming, outgoing) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => listener.#pass(teamviewer, incoming, Buffer.concat(chunks), outgoing));
    });
    await new Promise((resolve) => { listener.server.listen(0, '127.0.0.1', resolve); });
    listener.url = `http://127.0.0.1:${listener.server.address().port}`;
    return listener;
  }

  async #pass(teamviewer, { method, url, headers: { host: _h, connection: _c, ...headers } }, body, outgoing) {
    const answer = await request(`${teamviewer}${url}`, { method, headers, body: body.length > 0 ? body : undefined });
    for (const name of ['access_token', 'refresh_token']) if (answer.json?.[name]) this.tokens.push(answer.json[name]);
    const { 'content-length': _l, connection: _a, ...told } = answer.headers;
    outgoing.writeHead(answer.status, told).end(answer.text);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let world;
let teamviewer;
before(async () => {
  world = await World.open({
    configure: async ({ addresses }) => {
      teamviewer = await Listener.start(addresses.teamviewer_api);
      return { teamviewer: { api_url: teamviewer.url } };
    },
  });
});
after(async () => {
  await world?.close();
  teamviewer?.stop();
});

/** Pieces of a value: a page of the database may end in the middle of it. */
const piecesOf = (value) => (value.length < 24 ? [value] : Array.from({ length: Math.floor(value.length / 24) }, (_, i) => value.slice(24 * i, 24 * (i + 1))));

test('the sealed database shows no token, no secret and no supporter link in plain', async () => {
  const agent = await world.linkedAgent(0);
  await link(agent, { account: await world.teamviewerAccount(0), access: 'reports' });
  const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { name: 'Sealed Customer' }, invitation: 'none' });
  const { customerLink } = await until('the session is open', async () => {
    const { session: now } = await agent.expect(200, 'GET', `/v1/sessions/${session.id}`);
    return now.state === 'open' && now;
  });
  const links = {};
  for (const client of ['app', 'browser']) ({ url: links[client] } = await agent.expect(200, 'POST', `/v1/sessions/${session.id}/connect`, { client }));
  assert.ok(links.app.startsWith(`${customerLink}-`), 'what makes it the supporter\'s stands behind the customer\'s');
  const headers = await agent.headers();
  await request(`${world.belayd.url}/v1/panel`, { headers });
  const code = await world.belayd.pairingCode('http://127.0.0.1');

  assert.ok(teamviewer.tokens.length >= 4);
  const secrets = new Map([
    ['the app token', headers['x-forge-oauth-system']], ['the user token', headers['x-forge-oauth-user']],
    ['the client secret', world.seed.teamviewerApp.clientSecret], ['the secret of the second registration', world.seed.reportsApp.clientSecret],
    ['the supporter link', links.app.slice(customerLink.length + 1)], ['the supporter link in the browser', new URL(links.browser).searchParams.get('servicequeuetoken')],
    ['the pairing code', code.replaceAll('-', '')],
    ...teamviewer.tokens.map((token, i) => [`TeamViewer's token ${i + 1}`, token]),
  ]);

  const names = readdirSync(world.folder).filter((name) => name.startsWith('belay.db'));
  assert.ok(names.includes('belay.db-wal'), names);
  const bytes = Buffer.concat(names.map((name) => readFileSync(join(world.folder, name)))).toString('latin1');
  for (const plain of [session.id, customerLink]) assert.ok(bytes.includes(plain), 'what stands in plain is found, so this is the right place to look');
  for (const [what, value] of secrets) assert.ok(value?.length >= 8, `${what}: ${value}`);
  const found = [...secrets].filter(([, value]) => piecesOf(value).some((piece) => bytes.includes(piece)));
  assert.deepEqual(found.map(([what]) => what), []);
});
