// docs/openapi.yaml and the real server, each held against the other: the document is valid OpenAPI 3.1, every operation in it is answered as
// it says, in success and in refusal, every code comes with its one status, and the server knows no route and no code beside it.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Visitor, request } from '../harness/http.mjs';
import { consent, link, openConsent } from '../harness/linking.mjs';
import { root } from '../harness/program.mjs';
import { freshSeed, withSecondSite } from '../harness/seed.mjs';
import { claimsOf, serveKeys, signed } from '../harness/tokens.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';
import { Coverage, bodyProblems, document, operations } from './our_api.mjs';
import { create, opened, saveSettings, sessionWhen } from './steps.mjs';

const promised = document['x-belay-errors'];
const source = (path) => readFileSync(join(root, path), 'utf8');
/** Named in the document for pages that do not exist yet. */
const notSentYet = ['not_yours'];
/** The codes that nobody can bring about from outside, and why; their status is compared in the table alone. */
const onlyInTheTable = {
  internal_error: 'stands for a defect',
  storage_unavailable: 'the suites of the storage take the database away',
  overloaded: 'the suites of the storage fill its queue',
  reports_not_available: 'a server without the second registration answers it: tests/functional/reports_grant.test.mjs',
  jira_refused_comment: 'the worker gets it, so that it comes in session.error',
  signed_out: 'beside a Jira Data Center: tests/functional/datacenter.test.mjs',
  sign_in_refused: 'the same',
  sign_in_typed: 'the same',
  webhook_refused: 'the same',
};

describe('the document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(join(root, 'docs/openapi.yaml'));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
    const planted = structuredClone(document);
    planted.paths['/v1/panel'].get.responses['200'].description = 7;
    assert.equal((await new Validator().validate(planted)).valid, false, 'the judge refuses what is wrong');
  });

  test('refers to nothing that is not there, names every operation once, and every parameter of a path', () => {
    for (const [, pointer] of source('docs/openapi.yaml').matchAll(/\$ref: "#([^"]+)"/g)) {
      assert.notEqual(pointer.split('/').slice(1).reduce((at, key) => at?.[key], document), undefined, pointer);
    }
    const ids = operations.map(({ id }) => id);
    assert.deepEqual([...new Set(ids)], ids);
    for (const { path, operation } of operations) {
      const declared = [...(document.paths[path].parameters ?? []), ...(operation.parameters ?? [])]
        .map((one) => (one.$ref ? document.components.parameters[one.$ref.split('/').at(-1)] : one)).filter((one) => one.in === 'path').map(({ name }) => name);
      assert.deepEqual(declared, [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name), path);
    }
  });

  test('lists the routes that the server has, and no others', () => {
    const routes = readdirSync(join(root, 'src/gateway')).filter((name) => name.endsWith('_routes.cpp'))
      .flatMap((name) => [...source(`src/gateway/${name}`).matchAll(/\badd\("([A-Z]+)", "(\/[^"]*)"/g)].map(([, method, path]) => `${method} ${path}`));
    assert.deepEqual(routes.sort(), operations.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test('gives every code the status that the server gives it, and words in every language', () => {
    const table = Object.fromEntries([...source('src/gateway/problem.cpp').matchAll(/Known\{"([a-z_]+)", (\d+)(, true)?\}/g)]
      .map(([, code, status, waits]) => [code, { status: Number(status), ...(waits ? { retryAfter: true } : {}) }]));
    const answers = Object.fromEntries(Object.entries(promised).filter(([, { status }]) => status).map(([code, { status, retryAfter }]) => [code, { status, ...(retryAfter ? { retryAfter } : {}) }]));
    assert.deepEqual(table, answers);
    assert.deepEqual(document.components.schemas.ErrorCode.enum, Object.keys(promised));
    for (const language of document.components.schemas.Language.enum) {
      const words = JSON.parse(source(`i18n/${language}.json`));
      for (const code of Object.keys(promised)) assert.ok(words[`error.${code}`], `error.${code} in ${language}`);
    }
  });

  const rooms = ['gateway', 'desk', 'support', 'teamviewer', 'jira', 'jira/cloud', 'jira/datacenter'];
  const files = rooms.flatMap((room) => readdirSync(join(root, 'src', room)).filter((name) => /(?<!_test)\.cpp$/.test(name)).map((name) => `src/${room}/${name}`));

  test('knows every rule that the server has for a field, with a line and words for each', () => {
    const { enum: rules, description } = document.components.schemas.FieldRule;
    const known = [...source('src/base/field_rule.cpp').matchAll(/case FieldRule::(\w+): return "([a-z_]+)";/g)];
    assert.deepEqual(known.map(([, , name]) => name), rules);
    for (const [, one, name] of known) assert.equal(one, name);
    assert.deepEqual([...description.matchAll(/^- `([a-z_]+)`: ./gm)].map(([, name]) => name), rules);
    const figures = Object.keys(document.components.schemas.Error.properties.detail.properties);
    for (const [, figure] of description.matchAll(/: .*?`(\w+)`/g)) assert.ok(figures.includes(figure), `detail has no ${figure}`);
    for (const language of document.components.schemas.Language.enum) {
      const words = JSON.parse(source(`i18n/${language}.json`));
      for (const rule of rules) assert.ok(words[`rule.${rule}`] ?? words[`rule.${rule}.other`], `rule.${rule} in ${language}`);
    }
    for (const file of files) assert.doesNotMatch(source(file), /\{"rule", |\brefuse\([^,;]+, "/, `${file} has a rule of its own`);
  });

  test('knows every code that the rooms behind the gateway can send', () => {
    // What rooms say to themselves: other words stand in its place before it leaves them.
    const inside = ['configuration_invalid', 'jwks_invalid', 'jwks_unreachable', 'session_moved', 'unreachable'];
    const said = files.flatMap((file) => [...source(file).matchAll(/(?:\bfail(?:_for_now)?\(|\bcode = )"([a-z_]+)"/g)].map(([, code]) => [code, file]));
    assert.ok(said.length > 60);
    for (const [code, file] of said) assert.ok(promised[code] || inside.includes(code), `${code} in ${file}`);
  });
});

describe('the server', () => {
  const covered = new Coverage();
  let world;
  let keys;
  let agent;
  let page;       // the agent's personal page
  let session;
  let slow;       // a request that never ends

  before(async () => {
    world = await World.open({
      paired: false,
      seed: freshSeed(withSecondSite),
      configure: async ({ addresses }) => {
        keys = await serveKeys(addresses.jwks);
        return { forge: { jwks_url: keys.url } };
      },
    });
    agent = world.agent(0);
    page = agent.with({ page: 'account', issue: undefined });
    slow = raw('GET /v1/panel HTTP/1.1\r\nHost: x\r\nAccept: ');
  });
  after(async () => {
    await world?.close();
    keys?.close();
  });

  /** One call, noted; gives its answer. */
  async function ask(caller, method, path, body, { headers = {} } = {}) {
    const answer = await request(`${world.belayd.url}${path}`, { method, body, headers: { accept: 'application/json', ...(await caller.headers()), ...headers } });
    return covered.note(method, path, answer, body);
  }
  async function refused(code, caller, method, path, body, options) {
    const { status, json, text } = await ask(caller, method, path, body, options);
    assert.deepEqual([status, json.code], [promised[code].status, code], `${method} ${path} ${text}`);
    return json;
  }
  const allowed = async (status, ...call) => {
    const answer = await ask(...call);
    assert.equal(answer.status, status, answer.text);
    return answer.json;
  };
  /** Bytes as they are, and the answer to them. */
  function raw(text) {
    const { hostname, port } = new URL(world.belayd.url);
    return new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname, () => socket.write(text));
      let answer = '';
      socket.setEncoding('utf8').on('data', (part) => { answer += part; }).on('error', reject).on('close', () => {
        const [head, body = ''] = answer.split('\r\n\r\n');
        const [first, ...lines] = head.split('\r\n');
        const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
        resolve({ status: Number(first.split(' ')[1]), headers, text: body, json: JSON.parse(body || 'null') });
      });
    });
  }
  const faulty = (match, answer, times = 1) => world.sandbox.faults([{ match, answer, times }]);
  const pass = (minutes) => world.clock.advance({ minutes });

  test('before pairing: nothing but pairing', async () => {
    const bodies = { createSession: {}, connectSession: { client: 'app' }, putSettings: {}, previewCustomerText: { text: '', language: 'en' }, finishAccount: { token: 'x'.repeat(20) }, mapPerson: { address: 'a@b.example' }, launch: { mode: 'chat' } };
    for (const { id, method, path } of operations.filter(({ path: at }) => at.startsWith('/v1/') && !/pairing|events/.test(at))) {
      await refused('not_paired', agent, method, path.replace('{id}', '00000000-0000-4000-8000-000000000000'), bodies[id]);
    }
    await refused('not_paired', world.admin, 'DELETE', '/v1/pairing');
    assert.deepEqual(await allowed(200, world.caller({ account: '', page: 'belay-on-hourly' }), 'POST', '/v1/forge/events/hourly', {}), { accepted: false });
  });

  test('pairing: a wrong, a late, a right and one code too many', async () => {
    const pair = (code, caller = world.admin) => [caller, 'POST', '/v1/pairing', { code }];
    await refused('pairing_code_invalid', ...pair('AAAAA-BBBBB'));
    const late = await world.belayd.pairingCode(world.sandbox.addresses.site);
    pass(16);
    await refused('pairing_code_expired', ...pair(late));
    const code = await world.belayd.pairingCode(world.sandbox.addresses.site);
    await refused('forbidden', ...pair(code, world.admin.with({ account: world.seed.outsider.accountId })));
    await refused('unknown_field', world.admin, 'POST', '/v1/pairing', { code, site: 'x' });
    assert.equal((await allowed(200, ...pair(code))).paired, true);
    await refused('already_paired', ...pair(code));

    const { installation } = world.siteByHost('second.localhost');
    const stranger = world.admin.with({ installation });
    for (let tries = 0; tries < 5; tries += 1) await refused('pairing_code_invalid', ...pair('AAAAA-BBBBB', stranger));
    await refused('pairing_attempts_exceeded', ...pair('AAAAA-BBBBB', stranger));
  });

  test('callers: a token that does not verify, another environment, a page that may not', async () => {
    const { authorization, ...others } = await agent.headers();
    const claims = claimsOf(authorization);
    const now = Math.floor(world.clock.now().getTime() / 1000);
    Object.assign(claims, { iat: now, nbf: now, exp: now + 25 });
    claims.app.environment.type = 'DEVELOPMENT';
    const elsewhere = { headers: async () => ({ ...others, authorization: `Bearer ${signed(claims)}` }) };
    await refused('environment_not_allowed', elsewhere, 'GET', '/v1/panel');
    for (const { method, path } of operations.filter(({ path: at }) => at.startsWith('/v1/'))) {
      await refused('invalid_invocation_token', { headers: async () => ({ authorization: 'Bearer x' }) }, method, path);
      const unknown = ['PATCH', 'PUT'].find((other) => !operations.some((one) => one.path === path && one.method === other));
      await refused('method_not_allowed', agent, unknown, path.replace('{id}', 'x').replace('{name}', 'hourly'));
    }
    await refused('not_found', agent, 'GET', '/v1/nothing');
    for (const [caller, method, path, body] of [
      [page, 'GET', '/v1/panel'], [page, 'POST', '/v1/sessions', {}], [agent, 'DELETE', '/v1/account'], [agent, 'POST', '/v1/account/start', {}],
      [agent, 'GET', '/v1/settings'], [agent, 'PUT', '/v1/settings', { version: 0 }],
      [agent, 'POST', '/v1/settings/preview', { text: 'x', language: 'en' }], [agent, 'GET', '/v1/links'], [agent, 'DELETE', '/v1/links/x'], [agent, 'DELETE', '/v1/pairing'],
      [agent, 'GET', '/v1/audit'], [agent, 'GET', '/v1/audit/export?format=csv'], [agent, 'GET', '/v1/audit/people'], [agent, 'GET', '/v1/reports'], [agent, 'GET', '/v1/reports/export?format=csv'], [agent, 'GET', '/v1/work'], [agent, 'POST', '/v1/work/x/retry', {}],
      [agent, 'GET', '/v1/retention'], [agent, 'GET', '/v1/accounts'], [agent, 'GET', '/v1/accounts/x'], [agent, 'GET', '/v1/accounts/x/export'], [agent, 'DELETE', '/v1/accounts/x'],
      [agent, 'POST', '/v1/forge/events/hourly', {}], [agent, 'GET', '/v1/request'], [world.customer(), 'GET', '/v1/panel'],
    ]) await refused('forbidden', caller, method, path, body);
    await refused('forbidden', world.admin.with({ account: world.seed.outsider.accountId }), 'GET', '/v1/links');
    const viewer = agent.with({ account: world.seed.site.projects.find(({ key }) => key === 'PRESS').roles.Viewers[0], issue: 'PRESS-1' });
    assert.equal((await refused('forbidden', viewer, 'POST', '/v1/sessions', {})).detail.reason, 'not_agent');
    assert.deepEqual([(await allowed(200, viewer, 'GET', '/v1/panel')).viewer].map(({ mayAct, reason }) => [mayAct, reason]), [[false, 'not_agent']]);
    await refused('not_found', agent.with({ account: world.seed.outsider.accountId }), 'GET', '/v1/panel');
  });

  test('HTTP: what is no request, too much, of another kind', async () => {
    const bytes = async (text, code) => {
      const answer = await raw(text);
      assert.deepEqual([answer.status, answer.json.code], [promised[code].status, code], answer.text);
      covered.note('GET', '/v1/unknown', answer);
    };
    await bytes('no HTTP\r\n\r\n', 'invalid_request');
    await bytes(`GET /v1/panel HTTP/1.1\r\nHost: x\r\nX-Much: ${'x'.repeat(70 * 1024)}\r\n\r\n`, 'headers_too_large');
    await refused('body_too_large', agent, 'POST', '/v1/sessions', { description: 'x'.repeat(300 * 1024) });
    await refused('unsupported_media_type', agent, 'POST', '/v1/sessions', 'a=b', { headers: { 'content-type': 'text/plain' } });
    await refused('invalid_json', agent, 'POST', '/v1/sessions', '{', { headers: { 'content-type': 'application/json' } });
  });

  test('linking: asked, denied, looked at, finished once, by nobody else', async () => {
    const account = await world.teamviewerAccount(0);
    await refused('unknown_field', page, 'POST', '/v1/account/start', { a: 1 });
    assert.equal((await allowed(200, page, 'GET', '/v1/account')).linked, false);
    const begin = async (caller = page) => (await allowed(200, caller, 'POST', '/v1/account/start', {})).url;
    const pathOf = (url) => new URL(url).pathname + new URL(url).search;
    const browser = async (url, visitor) => covered.note('GET', pathOf(url), visitor ? await visitor.visit(url, { headers: { accept: 'application/json' } }) : await request(url));
    const bad = async (url, code, visitor) => {
      const answer = await browser(url, visitor);
      assert.deepEqual([answer.status, answer.json.code], [promised[code].status, code]);
    };

    await bad(`${world.publicUrl}/oauth/teamviewer/start?state=${'f'.repeat(43)}`, 'oauth_state_invalid');
    await bad(`${world.publicUrl}/oauth/teamviewer/callback?state=${'f'.repeat(43)}&code=x`, 'oauth_state_invalid');
    assert.equal((await consent(page, { decision: 'deny' })).problem, 'consent_denied');

    const url = await begin();
    const visitor = new Visitor();
    const started = await browser(url, visitor);
    assert.deepEqual([started.status, started.headers['cache-control']], [302, 'no-store']);
    await bad(`${world.publicUrl}/oauth/teamviewer/callback?state=${new URL(url).searchParams.get('state')}`, 'invalid_request', visitor);
    const { form } = await openConsent(url, visitor);
    const allow = new URLSearchParams({ ...form.fields, account, decision: 'allow' });
    const { location: callback } = await visitor.visit(form.action, { method: 'POST', body: allow });
    const back = await browser(callback, visitor);
    assert.deepEqual([back.status, back.headers['cache-control']], [302, 'no-store']);
    const token = back.location.split('/').at(-1);

    assert.ok((await allowed(200, page, 'GET', `/v1/account?grant=${token}`)).grant);
    await refused('invalid_field', page, 'GET', '/v1/account?grant=short');
    const { token: foreign } = await consent(world.agent(1), { account: await world.teamviewerAccount(1) });
    await refused('grant_not_yours', page, 'POST', '/v1/account/finish', { token: foreign });
    await refused('invalid_field', page, 'POST', '/v1/account/finish', { token: 'short' });
    const { token: declined } = await consent(world.agent(1), { account: await world.teamviewerAccount(1) });
    const declining = world.agent(1).with({ page: 'account', issue: undefined });
    await refused('invalid_field', declining, 'DELETE', '/v1/account?grant=short');
    assert.equal((await allowed(200, declining, 'DELETE', `/v1/account?grant=${declined}`)).linked, false);
    await refused('grant_expired', declining, 'DELETE', `/v1/account?grant=${declined}`);
    assert.equal((await allowed(200, page, 'POST', '/v1/account/finish', { token })).linked, true);
    await refused('grant_expired', page, 'POST', '/v1/account/finish', { token });
    await refused('grant_expired', page, 'GET', `/v1/account?grant=${token}`);
    await refused('already_linked', page, 'POST', '/v1/account/start', {});
    await allowed(200, page, 'POST', '/v1/account/check', {});
    await refused('unknown_field', page, 'POST', '/v1/account/check', { a: 1 });
  });

  test('leave to read connection records: asked for, kept once, taken back, never of another account', async () => {
    const third = world.agent(2).with({ page: 'account', issue: undefined });
    const start = { access: 'reports' };
    const account = await world.teamviewerAccount(2);
    await refused('not_linked', third, 'POST', '/v1/account/start', start);
    await link(third, { account });
    await refused('invalid_field', third, 'POST', '/v1/account/start', { access: 'everything' });
    const { token } = await consent(third, { account, ...start });
    assert.equal((await allowed(200, third, 'GET', `/v1/account?grant=${token}`)).grant.access, 'reports');
    assert.equal((await allowed(200, third, 'POST', '/v1/account/finish', { token })).reports.allowed, true);
    await refused('reports_already_allowed', third, 'POST', '/v1/account/start', start);
    await refused('forbidden', agent, 'DELETE', '/v1/account/reports');
    assert.equal((await allowed(200, third, 'DELETE', '/v1/account/reports')).reports.allowed, false);

    const { token: foreign } = await consent(third, { account, ...start });
    await allowed(200, third, 'DELETE', '/v1/account');
    await until('another account can be linked', async () => (await third.post('/v1/account/start', {})).status === 200);
    await link(third, { account: await world.teamviewerAccount(1) });
    await refused('reports_other_account', third, 'POST', '/v1/account/finish', { token: foreign });
    await allowed(200, third, 'DELETE', '/v1/account');
  });

  test('the panel and the list', async () => {
    // What is being looked up in the background may still be news at the second question.
    await until('nothing is new any more', async () => {
      const panel = await allowed(200, agent, 'GET', '/v1/panel');
      const again = await allowed(200, agent, 'GET', `/v1/panel?since=${panel.version}`);
      if (again.changed) return false;
      assert.deepEqual(again, { changed: false, version: panel.version });
      return true;
    });
    await refused('invalid_field', agent, 'GET', `/v1/panel?since=${'x'.repeat(129)}`);
    await allowed(200, agent, 'GET', '/v1/sessions');
    await allowed(200, agent, 'GET', '/v1/sessions?scope=mine');
    await refused('invalid_field', agent, 'GET', '/v1/sessions?scope=all');
  });

  test('the customer of a request, in the portal', async () => {
    const customer = world.customer();
    assert.deepEqual((await allowed(200, customer, 'GET', '/v1/request')).sessions, []);
    const queue = agent.with({ page: 'queue', issue: undefined, project: world.seed.project.key });
    assert.ok((await allowed(200, queue, 'GET', '/v1/queue')).requests);
    await refused('forbidden', agent, 'GET', '/v1/queue');
    const { id } = await opened(agent, (await create(agent, { customer: { id: customer.account }, invitation: 'none' })).id);
    const { sessions } = await allowed(200, customer, 'GET', '/v1/request');
    assert.deepEqual(sessions.map((one) => [one.id, one.state]), [[id, 'open']]);
    const stranger = world.seed.people.find(({ type }) => type === 'customer').accountId;
    await refused('not_found', world.customer(world.seed.issue, stranger), 'GET', '/v1/request');
    await allowed(202, agent, 'POST', `/v1/sessions/${id}/close`, {});

    const may = async (customersMayAsk) => {
      const { installation: _i, health: _h, defaults: _d, ...settings } = await allowed(200, world.admin, 'GET', '/v1/settings');
      await allowed(200, world.admin, 'PUT', '/v1/settings', { ...settings, customersMayAsk });
    };
    await refused('asking_off', customer, 'POST', '/v1/requests/ask', {});
    await may(true);
    const onlyLooks = world.customer(world.seed.issue, agent.account);
    assert.equal((await refused('forbidden', onlyLooks, 'POST', '/v1/requests/ask', {})).detail.reason, 'not_on_request');
    for (let n = 0; n < 5; n += 1) {
      assert.ok((await allowed(200, customer, 'POST', '/v1/requests/ask', {})).own);
      const { askedForHelp } = await allowed(200, agent, 'GET', '/v1/panel');
      assert.equal(askedForHelp.customer.id, customer.account);
      if (n === 0) await allowed(200, agent, 'POST', '/v1/requests/ask/dismiss', { ask: askedForHelp.id });
      else await allowed(200, customer, 'DELETE', '/v1/requests/ask');
    }
    assert.equal((await refused('asked_too_often', customer, 'POST', '/v1/requests/ask', {})).detail.most, 5);
    assert.ok((await allowed(200, customer, 'GET', '/v1/request')).asking.againAt);
    await refused('forbidden', agent, 'DELETE', '/v1/requests/ask');
    await refused('forbidden', customer, 'POST', '/v1/requests/ask/dismiss', { ask: 'any' });
    await may(false);
  });

  test('people: invited, tied by hand, reached, and each refusal', async () => {
    const reporter = world.seed.people.find(({ accountId }) => accountId === world.seed.issue.reporter);
    const path = (what) => `/v1/people/${encodeURIComponent(reporter.accountId)}/${what}`;
    const jira = (change) => world.sandbox.change({ jira: { people: { [reporter.accountId]: change } } });
    const behind = (change) => world.sandbox.change({ teamviewer: { accounts: [{ email: reporter.email, ...change }] } });
    const when = (what, wanted) => until(what, async () => {
      world.clock.advance({ seconds: 3 });
      const { json } = await ask(agent, 'GET', '/v1/panel');
      return wanted(json.people.find(({ id }) => id === reporter.accountId));
    });
    await behind({ presence: 'online', features: 'chat' });
    await when('they are online', ({ standing, disabled }) => standing === 'online' && disabled.length > 0);
    assert.match((await allowed(200, agent, 'POST', path('launch'), { mode: 'chat' })).url, /^http.*\/mode\/chat$/);
    await refused('mode_not_supported', agent, 'POST', path('launch'), { mode: 'call' });
    await faulty({ party: 'teamviewer', method: 'GET', path: '**/contacts/*' }, { status: 404, body: { error: 'not_found' } });
    await refused('contact_gone', agent, 'POST', path('launch'), { mode: 'chat' });
    await behind({ presence: 'offline' });
    await when('they are offline', ({ standing }) => standing === 'offline');
    await refused('not_reachable', agent, 'POST', path('launch'), { mode: 'chat' });
    await refused('invalid_field', agent, 'POST', path('launch'), { mode: 'vpn' });

    const { contacts } = await allowed(200, agent, 'GET', `/v1/contacts?search=${encodeURIComponent(reporter.name)}`);
    await refused('invalid_field', agent, 'GET', '/v1/contacts');
    assert.equal((await allowed(200, agent, 'PUT', path('mapping'), { contact: contacts[0].id })).person.matchedBy, 'mapping');
    await refused('invalid_field', agent, 'PUT', path('mapping'), {});
    assert.equal((await allowed(200, agent, 'DELETE', path('mapping'))).person.mapping, undefined);
    for (const [method, what, body] of [['POST', 'contact', {}], ['PUT', 'mapping', { address: 'a@b.example' }], ['DELETE', 'mapping'], ['POST', 'launch', { mode: 'chat' }]]) {
      await refused('not_found', agent, method, `/v1/people/nobody/${what}`, body);
      await refused('forbidden', page, method, path(what), body);
    }
    await refused('forbidden', page, 'GET', '/v1/contacts?search=a');

    await jira({ email: 'nobody-there@example.net', emailVisible: true });
    pass(11);   // what the app alone was given is kept for ten minutes
    await when('nobody is there', ({ standing }) => standing === 'not_contact');
    assert.equal((await allowed(202, agent, 'POST', path('contact'), {})).person.invitation.state, 'pending');
    await when('the invitation is sent', ({ invitation }) => invitation.state === 'sent');
    await refused('resend_too_early', agent, 'POST', path('contact'), {});
    await jira({ emailVisible: false });
    await when('the address is the app’s', ({ matchedBy }) => matchedBy === 'jira_address');
    await refused('address_of_app', agent, 'POST', path('contact'), {});
    await jira({ email: '', emailVisible: false });
    pass(11);
    await when('no address is shared', ({ standing }) => standing === 'address_not_shared');
    await refused('address_not_shared', agent, 'POST', path('contact'), {});
    await jira({ email: 'two,words@example.net', emailVisible: true });
    await when('the address is none', ({ addressProblem }) => addressProblem === 'malformed');
    await refused('address_not_usable', agent, 'POST', path('contact'), {});
    await jira({ email: reporter.email, emailVisible: reporter.emailVisible ?? false });
    pass(11);
  });

  test('the settings of one project', async () => {
    const keeper = world.projectAdmin();
    const path = `/v1/settings?project=${world.seed.project.key}`;
    const { project: _p, site: _s, ...now } = await allowed(200, keeper, 'GET', path);
    assert.equal((await refused('forbidden', world.projectAdmin(undefined, agent.account), 'GET', path)).detail.reason, 'not_project_admin');
    await refused('not_found', keeper, 'GET', '/v1/settings?project=PRESS');
    const off = await allowed(200, keeper, 'PUT', path, { ...now, enabled: false });
    assert.equal((await allowed(200, agent, 'GET', '/v1/panel')).projectOff, true);
    await refused('project_off', agent, 'POST', '/v1/sessions', {});
    await refused('settings_changed', keeper, 'PUT', path, now);
    await allowed(200, keeper, 'PUT', path, { ...now, version: off.version });
  });

  test('a rule of Jira\'s automation', async () => {
    const path = '/v1/automation/create-session';
    const issue = world.seed.issues.find(({ assignee }) => assignee === agent.account).key;
    const rule = { headers: async () => {
      const [{ fit, systemToken }, { userToken }] = [await world.sandbox.fit({ module: 'belay-create-session' }), await world.sandbox.fit({ module: 'belay-panel', account: agent.account })];
      return { authorization: `Bearer ${fit}`, 'x-forge-oauth-system': systemToken, ...(userToken ? { 'x-forge-oauth-user': userToken } : {}) };
    } };
    const { sessionId } = await allowed(200, rule, 'POST', path, { payload: { issueKey: issue, invitation: 'none' }, context: { cloudId: 'x' } });
    assert.equal((await allowed(200, rule, 'POST', path, { issueKey: issue })).sessionId, sessionId);
    const { errors } = await allowed(200, rule, 'POST', path, { issueKey: 'HELP-999' });
    assert.equal(errors[0].code, 'not_found');
    await refused('forbidden', agent, 'POST', path, { issueKey: issue });
    await allowed(202, agent.with({ issue }), 'POST', `/v1/sessions/${sessionId}/cancel`, {}).catch(() => allowed(202, agent.with({ issue }), 'POST', `/v1/sessions/${sessionId}/close`, {}));
  });

  test('a session from its wish to its end', async () => {
    const key = { headers: { 'idempotency-key': 'one' } };
    const wish = { customer: { id: world.seed.issue.assignee === agent.account ? world.seed.issue.reporter : world.seed.issue.assignee }, description: 'Printer', validityMinutes: 60, invitation: 'public' };
    session = (await allowed(202, agent, 'POST', '/v1/sessions', wish, key)).session;
    await refused('idempotency_conflict', agent, 'POST', '/v1/sessions', { ...wish, description: 'Other' }, key);
    await opened(agent, session.id);
    assert.ok((await allowed(200, agent, 'GET', `/v1/sessions/${session.id}`)).session.customerLink);
    for (const path of ['', '/connect', '/close', '/cancel', '/invitation', '/replace']) {
      await refused('not_found', agent, path ? 'POST' : 'GET', `/v1/sessions/00000000-0000-4000-8000-000000000000${path}`, path === '/connect' ? { client: 'app' } : path ? {} : undefined);
    }
    await refused('invalid_state', agent, 'POST', `/v1/sessions/${session.id}/cancel`, {});
    await refused('unknown_field', agent, 'POST', `/v1/sessions/${session.id}/close`, { note: 'x' });
    await allowed(200, agent, 'POST', `/v1/sessions/${session.id}/connect`, { client: 'browser' });
    await allowed(200, agent, 'DELETE', `/v1/sessions/${session.id}/connect`);
    await refused('not_found', agent, 'DELETE', '/v1/sessions/00000000-0000-4000-8000-000000000000/connect');
    await refused('not_linked', world.agent(1), 'POST', `/v1/sessions/${session.id}/connect`, { client: 'app' });
    await allowed(200, agent, 'PATCH', `/v1/sessions/${session.id}`, { notes: 'Cartridge changed' });
    assert.equal((await refused('notes_changed', world.agent(1), 'PATCH', `/v1/sessions/${session.id}`, { notes: 'Cable changed', before: '' })).detail.notes, 'Cartridge changed');
    await refused('notes_changed', agent, 'POST', `/v1/sessions/${session.id}/close`, { notes: 'Cable changed', before: '' });
    await refused('not_found', agent, 'PATCH', '/v1/sessions/00000000-0000-4000-8000-000000000000', { notes: 'x' });
    await refused('invited_recently', agent, 'POST', `/v1/sessions/${session.id}/invitation`, {});
    await opened(agent, (await allowed(202, agent, 'POST', `/v1/sessions/${session.id}/replace`, { validityMinutes: 60 })).session.id);
  });

  test('a session that fails and is tried again, one that is cancelled, one whose customer would connect', async () => {
    await faulty({ party: 'teamviewer', method: 'POST', path: '**/sessions' }, { status: 400, body: { error: 'invalid_request' } });
    const { id } = await create(agent, { customer: { name: 'Failed Example' }, invitation: 'none' });
    await sessionWhen(agent, id, 'it failed', ({ state }) => state === 'failed');
    await allowed(202, agent, 'POST', `/v1/sessions/${id}/invitation`, {});
    await opened(agent, id);

    await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/sessions' }, answer: { status: 500, body: { error: 'internal_error' } } }]);
    const stuck = await create(agent, { customer: { name: 'Stuck Example' }, invitation: 'none' });
    await allowed(202, agent, 'POST', `/v1/sessions/${stuck.id}/cancel`, {});
    await world.sandbox.faults([]);

    const colleague = world.agent(1);
    await link(colleague, { account: await world.teamviewerAccount(1) });
    const theirs = await create(colleague, { customer: { id: agent.account }, invitation: 'none' });
    await opened(colleague, theirs.id);
    assert.equal((await refused('forbidden', agent, 'POST', `/v1/sessions/${theirs.id}/connect`, { client: 'app' })).detail.reason, 'own_session');

    await faulty({ party: 'jira', method: 'POST', path: '**/comment' }, { status: 400, body: { errorMessages: ['No'], errors: {} } });
    const mute = await create(agent, { customer: { name: 'Mute Example' }, invitation: 'public' });
    const told = await sessionWhen(agent, mute.id, 'the refusal is told', ({ error }) => error);
    assert.equal(told.error.code, 'jira_refused_comment');
    covered.codes.add(told.error.code);
  });

  test('bodies: the document refuses what the server refuses', async () => {
    const wishes = [
      [{ custumer: {} }, 'unknown_field'], [{ customer: { name: 'A', phone: '1' } }, 'unknown_field'], [{ description: 'x'.repeat(4001) }, 'invalid_field'], [{ description: 7 }, 'invalid_field'],
      [{ validityMinutes: 14 }, 'invalid_field'], [{ validityMinutes: 10_081 }, 'invalid_field'], [{ validityMinutes: 20.5 }, 'invalid_field'], [{ invitation: 'everywhere' }, 'invalid_field'],
      [{ customer: { name: '' } }, 'invalid_field'], [{ customer: { id: '' } }, 'invalid_field'], [{ customer: { name: 'x'.repeat(101) } }, 'invalid_field'], [{ customer: 'Ada' }, 'invalid_field'],
      [{ customer: { name: 'A', email: 'a'.repeat(255) } }, 'invalid_field'], [{ idempotencyKey: 'k'.repeat(129) }, 'invalid_field'], [{ idempotencyKey: '' }, 'invalid_field'],
      [{ customer: {} }, 'invalid_field'], [{ customer: { id: 'x'.repeat(129) } }, 'invalid_field'], [{ customer: { name: null } }, 'invalid_field'],
    ];
    const now = await saveSettings(world.admin, () => ({ validityMinutes: 120 }));
    const { installation: _i, health: _h, defaults: _d, ...settings } = now;
    const { editWhenEnded: _e, ...without } = settings;
    const saves = [
      [{ ...settings, colour: 'red' }, 'unknown_field'], [without, 'invalid_field'], [{ ...settings, version: -1 }, 'invalid_field'], [{ ...settings, validityMinutes: 0 }, 'invalid_field'],
      [{ ...settings, customerText: { en: settings.customerText.en } }, 'invalid_field'], [{ ...settings, customerText: { ...settings.customerText, de: 'x' } }, 'unknown_field'],
      [{ ...settings, defaultLanguage: 'de' }, 'invalid_field'], [{ ...settings, allowedGroups: [''] }, 'invalid_field'], [{ ...settings, allowedGroups: Array(51).fill('a') }, 'invalid_field'],
      [{ ...settings, eligibleLicences: { policy: 'listed', types: [] } }, 'invalid_field'], [{ ...settings, eligibleLicences: { policy: 'all' } }, 'invalid_field'],
      [{ ...settings, teamviewerGroup: 'x'.repeat(101) }, 'invalid_field'], [{ ...settings, invitation: 'none' }, 'invalid_field'], [{ ...settings, editWhenEnded: 'yes' }, 'invalid_field'],
    ];
    const others = [
      [agent, 'POST', `/v1/sessions/${session.id}/connect`, {}, 'invalid_field'], [agent, 'POST', `/v1/sessions/${session.id}/connect`, { client: 'telnet' }, 'invalid_field'],
      [agent, 'POST', `/v1/sessions/${session.id}/close`, { notes: 7 }, 'invalid_field'], [agent, 'PATCH', `/v1/sessions/${session.id}`, { notes: 'x', before: 7 }, 'invalid_field'],
      [agent, 'PATCH', `/v1/sessions/${session.id}`, { notes: 'x', before: 'x'.repeat(4001) }, 'invalid_field'], [agent, 'POST', `/v1/sessions/${session.id}/cancel`, { x: 1 }, 'unknown_field'],
      [world.admin, 'POST', '/v1/settings/preview', { text: 'x' }, 'invalid_field'], [world.admin, 'POST', '/v1/settings/preview', { language: 'en' }, 'invalid_field'],
      [world.admin, 'POST', '/v1/settings/preview', { text: 'x', language: 'de' }, 'invalid_field'], [world.admin, 'POST', '/v1/settings/preview', { text: 'x'.repeat(20_001), language: 'en' }, 'invalid_field'],
      [world.admin, 'POST', '/v1/pairing', {}, 'invalid_field'], [world.admin, 'POST', '/v1/pairing', { code: 'x'.repeat(65) }, 'invalid_field'], [page, 'POST', '/v1/account/finish', {}, 'invalid_field'],
      [page, 'POST', '/v1/account/finish', { token: 'ö'.repeat(20) }, 'invalid_field'],
    ];
    const wrong = [];
    for (const [caller, method, path, body, code] of [
      ...wishes.map(([body, code]) => [agent, 'POST', '/v1/sessions', body, code]), ...saves.map(([body, code]) => [world.admin, 'PUT', '/v1/settings', body, code]), ...others,
    ]) {
      const what = `${method} ${path} ${JSON.stringify(body).slice(0, 120)}`;
      const { status, json, text } = await ask(caller, method, path, body).catch((error) => ({ status: 0, text: error.message }));
      if (status !== 400 || json.code !== code) wrong.push(`${what}: ${status} ${text.slice(0, 200)}`);
      if (bodyProblems(method, path, body) === '') wrong.push(`${what}: the document would take it`);
    }
    assert.deepEqual(wrong, []);
    await allowed(202, agent, 'POST', '/v1/sessions', { customer: { id: null, name: 'Null Example' }, description: null, invitation: 'none' });
  });

  test('settings, preview and links', async () => {
    const { installation: _i, health: _h, defaults: _d, ...settings } = await allowed(200, world.admin, 'GET', '/v1/settings');
    const saved = await allowed(200, world.admin, 'PUT', '/v1/settings', { ...settings, validityMinutes: 240, eligibleLicences: { policy: 'listed', types: ['Corporate'] } });
    assert.equal(saved.validityMinutes, 240);
    await refused('settings_changed', world.admin, 'PUT', '/v1/settings', settings);
    await refused('customer_text_invalid', world.admin, 'PUT', '/v1/settings', { ...settings, version: saved.version, customerText: { ...settings.customerText, fr: 'Sans lien' } });
    const { detail } = await refused('invalid_field', world.admin, 'PUT', '/v1/settings', { ...settings, version: saved.version, allowedGroups: ['staff', 'staf'] });
    assert.deepEqual([detail.rule, detail.names], ['unknown_group', ['staf']]);
    await allowed(200, world.admin, 'POST', '/v1/settings/preview', { text: '{{session.link}} {{nobody}}', language: 'fr' });
    const { links } = await allowed(200, world.admin, 'GET', '/v1/links');
    await refused('not_found', world.admin, 'DELETE', '/v1/links/unknown');
    const [other] = links.filter(({ account }) => account.id !== agent.account);
    await allowed(200, world.admin, 'DELETE', `/v1/links/${encodeURIComponent(other.id)}`);

    await saveSettings(world.admin, () => ({ eligibleLicences: { policy: 'listed', types: ['Nobody has this'] } }));
    await refused('licence_not_eligible', agent, 'POST', '/v1/sessions', {});
    await saveSettings(world.admin, () => ({ eligibleLicences: { policy: 'any_paid' }, allowedGroups: ['jira-administrators'] }));
    assert.equal((await refused('forbidden', agent, 'POST', '/v1/sessions', {})).detail.reason, 'not_in_allowed_groups');
    await saveSettings(world.admin, () => ({ allowedGroups: [] }));
  });

  test('reports over sessions, and their file', async () => {
    const { total, days } = await allowed(200, world.admin, 'GET', '/v1/reports?zone=Europe/Paris');
    assert.ok(total.sessions > 0);
    assert.equal(days.length, 30);
    for (const [filter, field, rule] of [
      ['from=never', 'from', 'time'], ['zone=Europe/Atlantis', 'zone', 'time_zone'], ['from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'to', 'after_from'],
      ['from=2020-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'from', 'max_days'], [`agent=${'x'.repeat(129)}`, 'agent', 'max_bytes'],
    ]) {
      const { detail } = await refused('invalid_field', world.admin, 'GET', `/v1/reports?${filter}`);
      assert.deepEqual([detail.field, detail.rule], [field, rule]);
    }
    assert.equal((await allowed(200, world.admin, 'GET', '/v1/reports/export?format=csv')).total, total.sessions);
    await refused('invalid_field', world.admin, 'GET', '/v1/reports/export?format=xls');
    await refused('unknown_field', world.admin, 'GET', '/v1/reports?of=x');
    await faulty({ party: 'jira', path: '**/user/bulk' }, { status: 403, body: { errorMessages: ['No.'], errors: {} } }, 100);
    pass(6);
    assert.equal((await allowed(200, world.admin, 'GET', '/v1/reports')).namesMissing, 'jira_forbidden');
    await world.sandbox.faults([]);
  });

  test('the audit log, its file, and what was set aside', async () => {
    const { entries } = await allowed(200, world.admin, 'GET', '/v1/audit');
    assert.ok(entries.some(({ session: named }) => named?.code));
    for (const [filter, field, rule] of [['from=never', 'from', 'time'], ['cursor=x', 'cursor', 'cursor'], [`person=${'x'.repeat(129)}`, 'person', 'max_bytes']]) {
      const { detail } = await refused('invalid_field', world.admin, 'GET', `/v1/audit?${filter}`);
      assert.deepEqual([detail.field, detail.rule], [field, rule]);
    }
    for (const format of ['csv', 'jsonl']) assert.ok((await allowed(200, world.admin, 'GET', `/v1/audit/export?format=${format}&actor=belay`)).total > 0);
    await refused('invalid_field', world.admin, 'GET', '/v1/audit/export?format=xls');
    await allowed(200, world.admin, 'GET', '/v1/audit/people');
    await refused('unknown_field', world.admin, 'GET', '/v1/audit/people?of=x');
    await faulty({ party: 'jira', path: '**/user/bulk' }, { status: 403, body: { errorMessages: ['No.'], errors: {} } }, 100);
    pass(6);
    assert.equal((await allowed(200, world.admin, 'GET', '/v1/audit')).namesMissing, 'jira_forbidden');
    await world.sandbox.faults([]);

    const { id } = await opened(agent, (await create(agent, { customer: { name: 'Aside Example' }, invitation: 'none' })).id);
    await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, answer: { status: 400, body: { error: 'invalid_request' } } }]);
    await allowed(202, agent, 'POST', `/v1/sessions/${id}/close`, {});
    const [item] = await until('the closing is set aside', async () => {
      const { work } = await allowed(200, world.admin, 'GET', '/v1/work');
      return work.length > 0 ? work : undefined;
    });
    await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, hold: 'before' }]);
    await allowed(202, world.admin, 'POST', `/v1/work/${item.id}/retry`, {});
    await refused('not_set_aside', world.admin, 'POST', `/v1/work/${item.id}/retry`, {});
    await world.sandbox.faults([]);
    await world.sandbox.control('POST', 'release', {});
    await sessionWhen(agent, id, 'it is closed there', ({ steps }) => steps.closing === 'done');
    await until('the row is gone', async () => (await ask(world.admin, 'POST', `/v1/work/${item.id}/retry`, {})).json.code === 'not_found');
  });

  test('how long what is over is kept, and the data of one account', async () => {
    await refused('invalid_field', world.admin, 'GET', '/v1/retention?days=-1');
    assert.ok((await allowed(200, world.admin, 'GET', '/v1/retention?days=1')).oldest);
    await refused('invalid_field', world.admin, 'GET', '/v1/accounts?after=%00');
    const { accounts } = await allowed(200, world.admin, 'GET', '/v1/accounts');
    const one = `/v1/accounts/${encodeURIComponent(accounts[0].id)}`;
    assert.ok((await allowed(200, world.admin, 'GET', one)).kept);
    await refused('not_found', world.admin, 'GET', '/v1/accounts/erased');
    await refused('invalid_field', world.admin, 'GET', `${one}/export?cursor=x`);
    assert.ok((await allowed(200, world.admin, 'GET', `${one}/export`)).total > 0);
    await refused('not_found', world.admin, 'DELETE', '/v1/accounts/erased');
    await allowed(202, world.admin, 'DELETE', '/v1/accounts/nobody');
    await saveSettings(world.admin, () => ({ retentionDays: 3650 }));
    await saveSettings(world.admin, () => ({ retentionDays: 0 }));
  });

  test('events', async () => {
    const forge = (module) => world.caller({ account: '', page: module });
    for (const [name, module] of [['lifecycle', 'belay-on-lifecycle'], ['product', 'belay-on-product'], ['hourly', 'belay-on-hourly']]) {
      assert.deepEqual(await allowed(200, forge(module), 'POST', `/v1/forge/events/${name}`, { payload: { eventType: 'avi:jira:viewed:issue', new: { shape: 1 } } }), { accepted: true });
    }
    await refused('not_found', forge('belay-on-hourly'), 'POST', '/v1/forge/events/weekly', {});
  });

  test('trouble in Jira, each in its own words', async () => {
    const rights = { party: 'jira', path: '**/mypermissions' };
    for (const [code, status, headers = {}, times = 1] of [
      ['jira_forbidden', 403], ['jira_token_missing', 401], ['jira_refused', 400, {}, 2], ['jira_unreachable', 500, {}, 100], ['jira_rate_limited', 429, { 'Retry-After': '2', 'RateLimit-Reason': 'jira-burst-based' }],
    ]) {
      pass(6);   // rights are kept for five minutes
      await faulty(rights, { status, headers, body: { errorMessages: ['No.'], errors: {} } }, times);
      await refused(code, agent, 'GET', '/v1/sessions');
      const panel = await allowed(200, agent, 'GET', '/v1/panel');
      assert.ok(panel.viewer.mayAct || panel.missing.length > 0, 'the panel answers all the same');
      await world.sandbox.faults([]);
    }
    pass(6);
    await allowed(200, agent, 'GET', '/v1/sessions');
  });

  test('trouble at TeamViewer, each in its own words', async () => {
    const { id } = await opened(agent, (await create(agent, { customer: { name: 'Last Example' }, invitation: 'none' })).id);
    const connect = [agent, 'POST', `/v1/sessions/${id}/connect`, { client: 'app' }];
    for (const [code, status, error] of [
      ['provider_refused', 400, 'invalid_request'], ['provider_permission', 403, 'invalid_permission'], ['provider_unreachable', 500, 'internal_error'],
      ['provider_rate_limited', 429, 'rate_limit_reached'], ['provider_blocked', 403, 'blocked'],
    ]) {
      await faulty({ party: 'teamviewer', method: 'GET', path: '**/sessions/*' }, { status, body: { error } }, 100);
      await refused(code, ...connect);
      await world.sandbox.faults([]);
      pass(11);
    }
    await faulty({ party: 'teamviewer', method: 'GET', path: '**/sessions/*' }, { status: 400, headers: { 'content-type': 'text/plain' }, text: 'license limitations' });
    await refused('licence_limit_reached', ...connect);
    await allowed(200, ...connect);
    await allowed(202, agent, 'POST', `/v1/sessions/${id}/close`, { notes: 'Done' });
    await refused('invalid_state', ...connect);

    await world.sandbox.change({ teamviewer: { accounts: [{ id: await world.teamviewerAccount(0), revokeTokens: true }] } });
    const failed = await create(agent, { customer: { name: 'Revoked Example' }, invitation: 'none' });
    await sessionWhen(agent, failed.id, 'it failed', ({ state }) => state === 'failed');
    await refused('link_expired', agent, 'POST', '/v1/sessions', {});
    await link(agent, { account: await world.teamviewerAccount(0) });
  });

  test('leaving: a session left open keeps the farewell waiting while TeamViewer is away', async () => {
    await opened(agent, (await create(agent, { customer: { name: 'Left Example' }, invitation: 'none' })).id);
    const other = world.agent(1);
    await link(other, { account: await world.teamviewerAccount(1) });
    await world.sandbox.faults([{ match: { party: 'teamviewer' }, answer: { status: 500, body: { error: 'internal_error' } } }]);
    const theirs = other.with({ page: 'account', issue: undefined });
    await allowed(200, theirs, 'DELETE', '/v1/account');
    await refused('link_ending', theirs, 'POST', '/v1/account/start', {});
    assert.equal((await allowed(200, world.admin, 'DELETE', '/v1/pairing')).paired, false);
    await refused('unpairing', world.admin, 'POST', '/v1/pairing', { code: await world.belayd.pairingCode(world.sandbox.addresses.site) });
    await world.sandbox.faults([]);
    await until('the installation is forgotten', async () => {
      world.clock.advance({ seconds: 10 });
      return (await ask(world.admin, 'POST', '/v1/pairing', { code: 'AAAAA-BBBBB' })).json.code === 'pairing_code_invalid';
    });
  });

  test('a request that never ends', async () => {
    const answer = covered.note('GET', '/v1/panel', await slow);
    assert.deepEqual([answer.status, answer.json.code], [408, 'request_timeout']);
  });

  test('has shown every operation in success and in refusal, every code, every reason, and nothing that is not documented', () => {
    assert.deepEqual(covered.missing(), []);
    const codes = Object.entries(promised).filter(([code, { status }]) => status && !onlyInTheTable[code]).map(([code]) => code);
    assert.deepEqual(codes.filter((code) => !covered.codes.has(code)), []);
    assert.deepEqual([...covered.codes].filter((code) => !promised[code]), []);
    assert.deepEqual(document.components.schemas.ForbiddenReason.enum.filter((reason) => !covered.reasons.has(reason)), notSentYet);
    assert.doesNotMatch(world.belayd.program.written(), /unlisted_error|handler_threw/);
  });
});
