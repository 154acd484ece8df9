// CPU time of one GET /v1/panel with a token that was never seen before: ours against the peer's, in turns, each bound to the same core.
import { drive } from './load.mjs';
import { fineCpuMicroseconds, median, pin } from './process_figures.mjs';
import { Stage } from './stage.mjs';

const rounds = 9;
const perRound = 3000;
const warmUp = 1500;

export async function measure() {
  const stage = await Stage.open();
  const peer = await stage.startPeer();
  try {
    const sides = [{ name: 'ours', pid: stage.world.belayd.program.pid, url: stage.world.belayd.url }, { name: 'peer', pid: peer.program.pid, url: peer.url }];
    pin(process.pid, 1);
    for (const { pid } of sides) pin(pid, 0);
    // Both get the same tokens; neither sees one twice.
    const headers = stage.requestHeaders(warmUp + rounds * perRound);
    const bodies = {};
    for (const { name, url } of sides) bodies[name] = await drive(`${url}/v1/panel`, warmUp, (n) => headers[n]);
    sameAnswer(bodies);

    const figures = { ours: [], peer: [] };
    for (let round = 0; round < rounds; round += 1) {
      const first = warmUp + round * perRound;
      for (const { name, pid, url } of sides) {
        const before = fineCpuMicroseconds(pid);
        await drive(`${url}/v1/panel`, perRound, (n) => headers[first + n]);
        figures[name].push((fineCpuMicroseconds(pid) - before) / perRound);
      }
    }
    const ratios = figures.ours.map((ours, round) => ours / figures.peer[round]);
    return {
      ours: median(figures.ours), peer: median(figures.peer), unit: 'us/request', limit: 'ratio 0.20', reached: median(figures.ours) / median(figures.peer) <= 0.2, timed: true,
      spread: { ratio: [Math.min(...ratios), Math.max(...ratios)] },
    };
  } finally {
    await peer.program.stop();
    await stage.close();
  }
}

/** The comparison is worth something only while both say the same, times and version aside. */
function sameAnswer({ ours, peer }) {
  const told = (text) => {
    const { version: _v, now: _n, ...rest } = JSON.parse(text);
    return JSON.stringify(sorted(rest));
  };
  const sorted = (value) => {
    if (Array.isArray(value)) return value.map(sorted);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
  };
  if (told(ours) !== told(peer)) throw new Error(`the two servers answer differently:\n${told(ours)}\n${told(peer)}`);
}
