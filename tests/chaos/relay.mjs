// What stands between Forge and belayd when something happens in Jira: the way that events take. It can bring each of them twice, bring them
// in the wrong order, or lose belayd's answer, so that Forge tells the same again.
import http from 'node:http';
import { request } from '../harness/http.mjs';

export const kModes = ['plain', 'doubled', 'reordered', 'answers lost'];

export class Relay {
  /** `server()`: the belayd of the moment. */
  static async start(server) {
    const relay = new Relay();
    Object.assign(relay, { server, mode: 'plain', kept: [], told: 0 });
    relay.listener = http.createServer((incoming, answer) => relay.#take(incoming, answer));
    await new Promise((resolve) => { relay.listener.listen(0, '127.0.0.1', resolve); });
    relay.url = `http://127.0.0.1:${relay.listener.address().port}`;
    return relay;
  }

  async #take(incoming, answer) {
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const event = { method: incoming.method, path: incoming.url, headers: incoming.headers, body: Buffer.concat(chunks), answer };
    if (this.mode === 'reordered') this.kept.push(event);
    else await this.#bring(event);
  }

  async #bring({ method, path, headers, body, answer }) {
    const { host: _host, connection: _connection, ...sent } = headers;
    const tell = () => {
      this.told += 1;
      return request(`${this.server().url}${path}`, { method, headers: sent, body }).catch(() => undefined);
    };
    const [first] = await Promise.all(this.mode === 'doubled' ? [tell(), tell()] : [tell()]);
    // belayd is away, or nobody is to hear what it said: Forge tells it again a minute later.
    if (this.mode === 'answers lost' || !first) return answer.destroy();
    return answer.writeHead(first.status, { 'content-type': 'application/json' }).end(first.text);
  }

  /** What was kept back comes now, the last first. */
  async bringReversed() {
    const events = this.kept.splice(0).reverse();
    for (const event of events) await this.#bring(event);
  }

  async close() {
    this.listener.closeAllConnections();
    await new Promise((resolve) => { this.listener.close(resolve); });
  }
}
