// Memory in use (VmRSS) after 1,000 panels, on SQLite; the peer after the same.
import { drive } from './load.mjs';
import { megabytes, residentBytes } from './process_figures.mjs';
import { Stage } from './stage.mjs';

const limit = 25;
/** Whether so many MB are few enough. */
export const isReached = (figure) => figure <= limit;

export async function measure() {
  const stage = await Stage.open();
  const peer = await stage.startPeer();
  try {
    const headers = stage.requestHeaders(1000);
    const figures = {};
    for (const [name, url, pid] of [['ours', stage.world.belayd.url, stage.world.belayd.program.pid], ['peer', peer.url, peer.program.pid]]) {
      await drive(`${url}/v1/panel`, 1000, (n) => headers[n]);
      figures[name] = megabytes(residentBytes(pid));
    }
    return { ...figures, unit: 'MB', limit: `${limit} MB`, reached: isReached(figures.ours) };
  } finally {
    await peer.program.stop();
    await stage.close();
  }
}
