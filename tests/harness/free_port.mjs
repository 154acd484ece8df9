// Ports of 127.0.0.1 for programs that have to be told theirs. Tests run beside each other, each in its own process: a port that was only looked at
// could be given twice before anybody listens. So whoever gets one holds the same number on 127.0.0.2 for as long as its process lives, and the system
// sees to it that only one can. Nobody's outgoing connection gets a held number either.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below those that systems give to whoever asks for any port, beside those that tests/postgres/cluster.sh tries, and above the last that browsers
// refuse (10080, Fetch standard, "port blocking").
const kFirstPort = 11_000;
const kEndOfPorts = 16_000;

/** The listener at that address, or undefined when it is taken. */
async function take(port, host) {
  const server = createServer((socket) => socket.destroy()).listen(port, host);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** A port of 127.0.0.1 at which nobody listens; until this process ends, no other call in any process gives it. */
export async function freePort() {
  for (;;) {
    const port = randomInt(kFirstPort, kEndOfPorts);
    const held = await take(port, '127.0.0.2');
    if (!held) continue;
    held.unref();
    const tried = await take(port, '127.0.0.1');
    if (!tried) {
      held.close();
      continue;
    }
    await new Promise((resolve) => { tried.close(resolve); });
    return port;
  }
}
