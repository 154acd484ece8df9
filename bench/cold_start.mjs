// From exec to the first 200 of /readyz: database migrated, key set on disk. The peer's process is measured in turns, from its own start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { freePort } from '../tests/harness/free_port.mjs';
import { binary } from '../tests/harness/program.mjs';
import { median } from './process_figures.mjs';
import { Stage } from './stage.mjs';

const rounds = 15;
const peerServer = fileURLToPath(new URL('peer/server.mjs', import.meta.url));

/** Asks until the first 200; nothing else runs between two tries. */
function ready(url) {
  return new Promise((resolve) => {
    const ask = () => {
      http.get(url, { agent: false }, (answer) => {
        answer.resume();
        if (answer.statusCode === 200) resolve();
        else setImmediate(ask);
      }).on('error', () => setImmediate(ask));
    };
    ask();
  });
}

async function startOnce(command, args, url, env) {
  const from = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  await ready(url);
  const took = performance.now() - from;
  child.kill('SIGTERM');
  await once(child, 'close');
  return took;
}

export async function measure() {
  const stage = await Stage.open({ sessions: 1 });
  try {
    const world = stage.peerWorld();
    const { file } = stage.world.belayd;
    await stage.world.belayd.stop();
    const adminPort = await freePort();
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^admin_listen = .*$/m, `admin_listen = "127.0.0.1:${adminPort}"`));
    const peerPort = await freePort();
    const figures = { ours: [], peer: [] };
    for (let round = 0; round < rounds; round += 1) {
      figures.ours.push(await startOnce(binary('belayd'), ['serve', '--config', file], `http://127.0.0.1:${adminPort}/readyz`));
      figures.peer.push(await startOnce(process.execPath, [peerServer, world], `http://127.0.0.1:${peerPort}/readyz`, { PORT: String(peerPort), NODE_ENV: 'production' }));
    }
    const ratios = figures.ours.map((ours, round) => ours / figures.peer[round]);
    return { ours: median(figures.ours), peer: median(figures.peer), unit: 'ms', limit: '100 ms', reached: median(figures.ours) < 100, timed: true, spread: { ratio: [Math.min(...ratios), Math.max(...ratios)] } };
  } finally {
    await stage.close();
  }
}
