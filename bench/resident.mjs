// Memory in use (VmRSS) after 1,000 panels, on SQLite: each of another issue, so that what is kept for one shows a thousandfold; the peer after the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Crowd, askPanel, range } from './crowd.mjs';
import { drive } from './load.mjs';
import { megabytes, residentBytes } from './process_figures.mjs';
import { startPeer, writePeerWorld } from './stage.mjs';

const panels = 1_000;
const agents = 20;
const people = 45;
const limit = 25;
/** Whether so many MB are few enough. */
export const isReached = (figure) => figure <= limit;

const three = (n) => [...new Set([n % people, (n * 7 + 1) % people, (n * 11 + 2) % people])];
const agentOf = (n) => n % agents;

export async function measure() {
  const crowd = await Crowd.open({ people, agents, issues: range(panels).map((n) => ({ people: three(n) })) });
  const folder = mkdtempSync(join(tmpdir(), 'belay-bench-'));
  let peer;
  try {
    const headers = await Promise.all(range(panels).map(async (issue) => (await crowd.headers({ issue, agent: agentOf(issue) }))[0]));
    await crowd.restart();
    await drive(`${crowd.belayd.url}/v1/panel`, panels, (n) => headers[n]);
    const ours = megabytes(residentBytes(crowd.pid));

    const shown = [];
    for (const issue of range(panels)) {
      const { status, body } = await askPanel(crowd.belayd.url, headers[issue]);
      const panel = JSON.parse(body);
      if (status !== 200 || panel.issue.key !== crowd.issues[issue].key) throw new Error(`${crowd.issues[issue].key}: ${status} ${body}`);
      shown.push({ account: `agent-${agentOf(issue)}`, issueKey: panel.issue.key, panel });
    }
    peer = await startPeer(writePeerWorld(folder, { headers: headers[0], jwks: crowd.keys.jwks, panels: shown }));
    await drive(`${peer.url}/v1/panel`, panels, (n) => headers[n]);
    return { ours, peer: megabytes(residentBytes(peer.program.pid)), unit: 'MB', limit: `${limit} MB`, reached: isReached(ours) };
  } finally {
    await peer?.program.stop();
    await crowd.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
