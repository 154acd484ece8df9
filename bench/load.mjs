// A client that keeps a few connections busy until every request of a list was answered with 200. It speaks HTTP by hand: Node's own client costs
// more than the server under test, which would then be measured falling asleep and waking up between two requests.
import { once } from 'node:events';
import net from 'node:net';

const endOfHead = Buffer.from('\r\n\r\n');

/** One connection, one request at a time; answers must state their length. */
export class Connection {
  #socket;
  #held = Buffer.alloc(0);
  #waiting;

  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('close', () => this.#waiting?.reject(new Error('the server closed the connection')));
    socket.on('error', (error) => this.#waiting?.reject(error));
  }

  static async to({ hostname, port }) {
    const socket = net.connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Gives {status, body} for the text of a whole request. */
  ask(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request, 'latin1');
    });
  }

  close() {
    this.#waiting = undefined;
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = this.#held.indexOf(endOfHead);
    if (end < 0) return;
    const head = this.#held.latin1Slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) throw new Error(`an answer without a length: ${head}`);
    const total = end + endOfHead.length + Number(length);
    if (this.#held.length < total) return;
    const body = this.#held.subarray(end + endOfHead.length, total);
    this.#held = this.#held.subarray(total);
    this.#waiting.resolve({ status: Number(head.slice(9, 12)), body });
  }
}

/** `headersOf(n)`: the headers of the n-th request. Gives the last body. Rejects on the first answer that is no 200. */
export async function drive(url, count, headersOf, { connections = 8 } = {}) {
  const { hostname, port, host, pathname, search } = new URL(url);
  const textOf = (n) => `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${Object.entries(headersOf(n)).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  const lines = await Promise.all(Array.from({ length: connections }, () => Connection.to({ hostname, port })));
  let next = 0;
  let last;
  const lane = async (line) => {
    while (next < count) {
      const n = next;
      next += 1;
      const { status, body } = await line.ask(textOf(n));
      if (status !== 200) throw new Error(`${url}: ${status} ${body}`);
      last = body;
    }
  };
  // Who sleeps must be woken, and the kernel charges the one who sends for it: the client stays awake, whichever server it drives.
  let busy = true;
  const stayAwake = () => busy && setImmediate(stayAwake);
  stayAwake();
  try {
    await Promise.all(lines.map(lane));
  } finally {
    busy = false;
    for (const line of lines) line.close();
  }
  return last?.toString('utf8');
}
