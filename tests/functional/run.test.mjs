// What ./run starts once everything is built, as somebody at a terminal meets it: what it says, what answers, what it refuses, and that Ctrl-C
// leaves nothing behind, whenever it comes.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { freePort } from '../harness/free_port.mjs';
import { Caller } from '../harness/caller.mjs';
import { onPanel } from '../harness/datacenter.mjs';
import { Visitor, request } from '../harness/http.mjs';
import { Program, binary, root, runProgram } from '../harness/program.mjs';
import { readSeed } from '../harness/seed.mjs';
import { Sandbox } from '../harness/sandbox.mjs';
import { until } from '../harness/wait.mjs';

const { JSDOM } = createRequire(new URL('../../web/package.json', import.meta.url))('jsdom');
const seed = readSeed();

function alive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const refused = (port) => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() && false)).once('error', ({ code }) => resolve(code === 'ECONNREFUSED'));
});

/** A place for one demo or more, with programs that note who they are, wait where they are told to, and then become the real ones. */
class Place {
  constructor() {
    const real = ['belayd', 'belay-sandbox'].map((name) => [name, binary(name)]);
    this.home = mkdtempSync(join(tmpdir(), 'belay-run-'));
    this.folder = join(this.home, 'demo');
    this.bin = join(this.home, 'bin');
    this.gates = new Map();
    mkdirSync(this.bin);
    for (const [name, path] of real) {
      const file = join(this.bin, name);
      writeFileSync(file, `#!/bin/sh
echo "$$ ${name} $1" >>'${this.home}/begun'
if [ -p '${this.home}/${name} '"$1" ]; then read -r _ <'${this.home}/${name} '"$1"; fi
exec '${path}' "$@"
`);
      chmodSync(file, 0o755);
    }
  }

  /** [{pid, name}] of all that was started here; `name` is the program and its command. */
  get begun() {
    const file = join(this.home, 'begun');
    const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    return lines.map((line) => ({ pid: Number(line.split(' ')[0]), name: line.slice(line.indexOf(' ') + 1) }));
  }

  get running() {
    return this.begun.filter(({ pid }) => alive(pid)).map(({ name }) => name);
  }

  /** Makes a program wait before it becomes itself, until `open(name)`. */
  hold(name) {
    const gate = join(this.home, name);
    execFileSync('mkfifo', [gate]);
    this.gates.set(name, openSync(gate, 'r+'));
  }

  open(name) {
    writeSync(this.gates.get(name), '\n');
  }

  begin({ port, folder = this.folder, args = [], env = {} }) {
    const environment = { ...process.env, BELAY_BIN: this.bin, BELAY_DEMO_PORT: String(port), BELAY_DEMO_FOLDER: folder, ...env };
    return new Program('run', spawn(process.execPath, ['tools/demo/main.mjs', ...args], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** A demo that stands: {program, port, said}. */
  async stand(options = {}) {
    const port = await freePort();
    const program = this.begin({ port, ...options });
    await until('the demo stands', () => program.outcome || program.output.includes('Ctrl-C ends everything'));
    assert.equal(program.outcome, undefined, program.output + program.errors);
    return { program, port, said: program.output };
  }

  /** {status, said, errors} of a demo that does not come to stand. */
  async refusal(options) {
    const program = this.begin(options);
    const { status } = await ended(program);
    return { status, said: program.output, errors: program.errors };
  }

  async close() {
    for (const gate of this.gates.values()) closeSync(gate);
    for (const { pid } of this.begun.filter((one) => alive(one.pid))) process.kill(pid, 'SIGKILL');
    await until('all that was started here has ended', () => this.running.length === 0);
    rmSync(this.home, { recursive: true, force: true });
  }
}

const ended = (program) => until('the demo ends', () => program.outcome);

function interrupt(program) {
  program.child.kill('SIGINT');
  return ended(program);
}

describe('a demo that stands', () => {
  let place;
  let demo;
  before(async () => {
    place = new Place();
    demo = await place.stand();
  });
  after(async () => {
    await interrupt(demo.program);
    await place.close();
  });

  test('its first line is the address of the start page', async () => {
    const [first] = demo.said.split('\n');
    assert.equal(first, `Ready: http://127.0.0.1:${demo.port}/`);
    const { status, text } = await new Visitor().follow(first.replace('Ready: ', ''));
    assert.equal(status, 200);
    assert.ok(text.includes(`<h1>${seed.site.name}</h1>`), text);
  });

  test('every ticket, page and person of the start page answers', async () => {
    const { text, url } = await new Visitor().follow(`http://127.0.0.1:${demo.port}/`);
    const links = [...new Set([...text.matchAll(/<a\b[^>]*\bhref="([^"]*)"/g)].map(([, href]) => new URL(href.replaceAll('&amp;', '&'), url).href))];
    const paths = links.map((link) => new URL(link).pathname);
    for (const { key } of seed.site.issues) assert.ok(paths.includes(`/browse/${key}`), key);
    for (const host of ['jira-dc.localhost', 'jira-server.localhost']) assert.ok(links.some((link) => new URL(link).hostname === host), host);
    for (const { accountId } of seed.people) assert.ok(links.some((link) => new URL(link).searchParams.get('as') === accountId), accountId);
    for (const link of links) {
      // Whom a link names is signed in by it. An admin sees every page, an agent every ticket.
      const visitor = new Visitor();
      const { accountId } = link.includes('/browse/') ? seed.agents[0] : seed.admin;
      await visitor.follow(`${url}?as=${encodeURIComponent(accountId)}`);
      const page = await visitor.follow(link);
      assert.equal(page.status, 200, link);
      assert.doesNotMatch(page.text, /<h1>Sign in<\/h1>/, link);
      for (const [, frame] of page.text.matchAll(/<iframe\b[^>]*\bsrc="([^"]*)"/g)) assert.equal((await visitor.follow(new URL(frame, page.url).href)).status, 200, `${link}: ${frame}`);
    }
  });

  test('the site is paired, one agent is connected, and both stand in what it says', async () => {
    const [agent] = seed.agents;
    const [, server] = demo.said.match(/ is paired with (\S+), and /);
    assert.ok(demo.said.includes(`${seed.site.name} is paired with ${server}, and ${agent.name} has connected a TeamViewer account.`), demo.said);
    const { account } = await callerOf(demo, server, agent, 'account').expect(200, 'GET', '/v1/account');
    assert.ok(account, 'the account');
  });

  test('the commands that it prints work as they stand', async () => {
    const commands = [...demo.said.matchAll(/^ {2}(\S+belayd (\w+) .*)$/gm)];
    assert.deepEqual(commands.map(([, , name]) => name), ['pair', 'doctor']);
    const [pair, doctor] = await Promise.all(commands.map(([, command]) => runProgram(command, 'sh', ['-c', command], { cwd: root })));
    assert.equal(pair.status, 0, pair.errors);
    assert.match(pair.output, /\b[0-9A-Z]{5}(-[0-9A-Z]{5}){3}\b/);
    assert.equal(doctor.status, 0, doctor.output + doctor.errors);
    for (const { name } of seed.datacenter) assert.match(doctor.output, new RegExp(`^ok +jira ${name} `, 'm'), name);
  });

  for (const site of seed.datacenter) {
    const { name, clients, people, issues: [{ key, assignee }] } = site;
    const agent = people.find((person) => person.key === assignee);

    test(`${site.title}: the ticket that it names frames the panel, and whoever it names signs in there`, async () => {
      const { panel, server } = await framedPanel(demo, name, key);
      assert.equal(panel.status, 200);
      assert.match(panel.headers['content-security-policy'], new RegExp(`frame-ancestors http://${site.host}:${demo.port}$`));
      assert.match(panel.text, new RegExp(`data-sign-in="${clients ? 'oauth' : 'typed'}"`));

      const sandbox = sandboxOf(demo);
      const world = { sandbox, publicUrl: server, belayd: at(server), jiras: { [name]: `http://${site.host}:${demo.port}` } };
      const caller = await (await onPanel(world, name, agent, key)).signIn();
      const { issue, viewer } = await caller.expect(200, 'GET', '/v1/panel');
      assert.deepEqual([issue.key, viewer.mayAct], [key, true]);
    });

    test(`${site.title}: the server takes what Jira tells it of tickets`, async () => {
      const sandbox = sandboxOf(demo);
      const told = async () => (await sandbox.state()).datacenter.webhooks.deliveries.filter((line) => line.site === name);
      assert.deepEqual(await told(), []);
      await sandbox.change({ datacenter: { [name]: { issues: { [key]: { summary: 'Told anew' } } } } });
      const [first] = await until('Jira has told it', async () => (await told()).length > 0 && told());
      assert.deepEqual([first.event, first.status], ['jira:issue_updated', 200]);
    });
  }

  test('a second one on its port says that the port is taken, and leaves the first alone', async () => {
    const begun = place.begun.length;
    const { status, said, errors } = await place.refusal({ port: demo.port, folder: join(place.home, 'second') });
    assert.deepEqual([status, said], [1, '']);
    assert.match(errors, new RegExp(`^run: port ${demo.port} is taken\\. .* BELAY_DEMO_PORT=\\d+ \\./run\n$`));
    assert.equal(place.begun.length, begun);
    assert.equal((await request(`http://127.0.0.1:${demo.port}/_control`)).status, 200);
  });

  test('a second one in its folder says whose it is, and takes nothing from it', async () => {
    const files = readdirSync(place.folder);
    const { status, errors } = await place.refusal({ port: await freePort() });
    assert.equal(status, 1);
    assert.ok(errors.startsWith(`run: ${place.folder} is in use by process ${demo.program.pid}. `), errors);
    assert.match(errors, /BELAY_DEMO_FOLDER=\S+ \.\/run\n$/);
    assert.deepEqual(readdirSync(place.folder).filter((name) => files.includes(name)), files);
  });
});

const sandboxOf = ({ port }) => new Sandbox({ ready: { control: `http://127.0.0.1:${port}/_control` } });
/** The server of that address, as tests call it. */
const at = (server) => ({ url: `http://127.0.0.1:${new URL(server).port}`, program: {} });

/** Somebody's page, against the server that a demo named. */
function callerOf(demo, server, person, page) {
  return new Caller({ sandbox: sandboxOf(demo), server: () => at(server), account: person.accountId, page });
}

/** What stands in the frame of the ticket at the Jira Data Center `name` that a demo named: {panel, server}. */
async function framedPanel({ said, port }, name, key) {
  const { host } = seed.datacenter.find((site) => site.name === name);
  const [, ticket] = said.match(new RegExp(`^  (http://${host}:${port}/browse/${key}\\?as=\\w+)$`, 'm')) ?? assert.fail(said);
  const visitor = new Visitor();
  const page = await visitor.follow(ticket);
  assert.equal(page.status, 200, ticket);
  const [, path] = page.text.match(/<script\b[^>]*\bsrc="([^"]*\/panel\.js)"/) ?? assert.fail(page.text);
  const { window } = new JSDOM(page.text, { url: page.url, runScripts: 'outside-only' });
  window.matchMedia = () => ({ addEventListener: () => {} });
  window.eval((await visitor.visit(new URL(path, page.url).href)).text);
  const { src } = window.document.querySelector('iframe');
  return { panel: await visitor.visit(src), server: new URL(src).origin };
}

describe('a demo', () => {
  let place;
  beforeEach(() => { place = new Place(); });
  afterEach(() => place.close());

  test('Ctrl-C ends both programs with 0, and nothing listens any more', async () => {
    const { program, port, said } = await place.stand();
    const server = Number(new URL(said.match(/ is paired with (\S+), /)[1]).port);
    assert.deepEqual([await refused(port), await refused(server)], [false, false]);
    assert.deepEqual(place.running, ['belay-sandbox serve', 'belayd serve']);
    assert.deepEqual(await interrupt(program), { status: 0, signal: null });
    assert.equal(program.errors, '');
    assert.deepEqual(place.running, []);
    assert.deepEqual([await refused(port), await refused(server)], [true, true]);
  });

  for (const held of ['belay-sandbox serve', 'belayd serve', 'belayd pair']) {
    test(`Ctrl-C while ${held} starts leaves nothing behind, and is no failure`, async () => {
      place.hold(held);
      const port = await freePort();
      const program = place.begin({ port });
      await until(`${held} starts`, () => place.begun.some(({ name }) => name === held));
      program.child.kill('SIGINT');
      if (held !== 'belay-sandbox serve') await until('the programs that stood have ended', () => place.running.every((name) => name === held));
      place.open(held);
      const { status } = await ended(program);
      assert.deepEqual([status, program.output, program.errors, place.running], [0, '', '', []]);
      assert.ok(await refused(port));
    });
  }

  test('--fresh pairs nobody, and says how', async () => {
    const { program, said } = await place.stand({ args: ['--fresh'] });
    assert.match(said, /Nothing is paired and no account is connected\./);
    assert.doesNotMatch(said, /has connected/);
    const [, server] = said.match(/give the server address\n {2}(\S+)\n/);
    const { port } = new URL(said.match(/^Ready: (\S+)$/m)[1]);
    for (const { name, issues: [{ key }] } of seed.datacenter) assert.equal((await framedPanel({ said, port }, name, key)).panel.status, 200, name);
    const admin = callerOf({ port }, server, seed.admin, 'admin');
    assert.equal((await admin.get('/v1/settings')).body.code, 'not_paired');

    const [, command] = said.match(/then the code that this prints, in another terminal:\n {2}(.*)\n/);
    const { output } = await runProgram(command, 'sh', ['-c', command], { cwd: root });
    await admin.expect(200, 'POST', '/v1/pairing', { code: output.match(/[0-9A-Z]{5}(-[0-9A-Z]{5}){3}/)[0] });
    await interrupt(program);
  });

  test('what is no port is refused, and nothing starts', async () => {
    await Promise.all(['0', '65536', '80.5', 'http', ''].map(async (port) => {
      const { status, said, errors } = await place.refusal({ port });
      assert.deepEqual([status, said, errors], [1, '', `run: BELAY_DEMO_PORT is no port: ${port}\n`]);
    }));
    assert.deepEqual(place.begun, []);
    assert.equal(existsSync(place.folder), false);
  });

  test("a folder with somebody else's files is refused and left as it is", async () => {
    mkdirSync(place.folder);
    writeFileSync(join(place.folder, 'thesis'), 'years of work');
    const { status, errors } = await place.refusal({ port: await freePort() });
    assert.deepEqual([status, errors], [1, `run: ${place.folder} holds files that are not the demo's. BELAY_DEMO_FOLDER takes a folder that is empty or new\n`]);
    assert.equal(readFileSync(join(place.folder, 'thesis'), 'utf8'), 'years of work');
    assert.deepEqual(place.begun, []);
  });

  test('each start begins anew, in the folder of the last', async () => {
    for (const args of [[], ['--fresh']]) {
      const { program, said } = await place.stand({ args });
      assert.ok(said.includes(`Logs and configuration: ${place.folder}/`), said);
      assert.equal(said.includes('Nothing is paired'), args.length > 0);
      writeFileSync(join(place.folder, 'left'), '', { flag: 'wx' });
      await interrupt(program);
    }
  });

  test('a program that dies takes the demo with it, which says where its log is', async () => {
    const { program } = await place.stand();
    process.kill(place.begun.find(({ name }) => name === 'belayd serve').pid, 'SIGKILL');
    assert.deepEqual(await ended(program), { status: 1, signal: null });
    assert.equal(program.errors, `run: belayd ended with SIGKILL; its log is ${join(place.folder, 'belayd.log')}\n`);
    assert.deepEqual(place.running, []);
  });
});

describe('./run', () => {
  const run = (...args) => runProgram('./run', join(root, 'run'), args, { cwd: tmpdir() });

  test('--help says what it does and what can be chosen, and does none of it', async () => {
    const { status, output } = await run('--help');
    assert.equal(status, 0);
    for (const word of ['Usage: ./run [--fresh]', '--fresh ', 'BELAY_DEMO_PORT ', 'BELAY_DEMO_FOLDER ', 'Ctrl-C']) assert.ok(output.includes(word), word);
  });

  test('an option that it does not know is refused, with its usage', async () => {
    const { status, output, errors } = await run('--frehs');
    assert.deepEqual([status, output], [2, '']);
    assert.match(errors, /^Usage: \.\/run \[--fresh\]\n/);
  });
});
