// Tests run in many processes at once, and each tells its belayd a port: none may be given to two of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { freePort } from './harness/free_port.mjs';
import { root } from './harness/program.mjs';

// They share 5,000 ports: taken without regard to each other, dozens of 4 times 150 would meet.
const kProcesses = 4;

/** Another process that takes ports and holds them until it is told to end, at the latest with the test: {ports, end}. */
async function takes(t, count) {
  const code = `
    import { freePort } from './tests/harness/free_port.mjs';
    const ports = [];
    while (ports.length < ${count}) ports.push(await freePort());
    process.stdout.write(JSON.stringify(ports) + '\\n');
    process.stdin.resume();
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  t.after(() => child.kill());
  let written = '';
  for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    written += text;
    if (written.endsWith('\n')) break;
  }
  return { ports: JSON.parse(written), end: () => child.stdin.end() && ended };
}

/** Listens there, at the longest until the test ends. */
async function listen(t, port) {
  const server = createServer().listen(port, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
}

test('no port is given to two processes, each can be listened at, and none that browsers refuse is among them', async (t) => {
  const processes = await Promise.all(Array.from({ length: kProcesses }, () => takes(t, 150)));
  const ports = processes.flatMap((one) => one.ports);
  assert.equal(new Set(ports).size, ports.length);
  assert.ok(Math.min(...ports) > 10080);
  for (const port of ports) await listen(t, port);
});

test('a port at which somebody listens is not given', async (t) => {
  const other = await takes(t, 600);
  for (const port of other.ports) await listen(t, port);
  // From here on nothing but the listeners says that they are taken.
  await other.end();
  for (let asked = 0; asked < 60; asked += 1) {
    const port = await freePort();
    assert.ok(!other.ports.includes(port), `${port}`);
  }
});
