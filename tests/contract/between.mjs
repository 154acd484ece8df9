// Stands between Forge and belayd: keeps what Forge sends and how long belayd takes, and may tell Forge something else than belayd said.
import http from 'node:http';
import { request } from '../harness/http.mjs';

export class Between {
  heard = [];   // {path, headers, text, body, answer, milliseconds}
  /** Gives a status that Forge hears in place of belayd's answer, which belayd has given all the same. */
  instead = () => undefined;

  /** `server()`: the belayd of the moment. */
  static async start(server) {
    const between = new Between();
    between.listener = http.createServer((incoming, outgoing) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () => between.#pass(server, incoming, Buffer.concat(chunks).toString('utf8'), outgoing));
    });
    await new Promise((resolve) => { between.listener.listen(0, '127.0.0.1', resolve); });
    between.url = `http://127.0.0.1:${between.listener.address().port}`;
    return between;
  }

  async #pass(server, { url: path, headers: { host: _h, connection: _c, ...headers } }, text, outgoing) {
    const call = { path, headers, text, body: text === '' ? undefined : JSON.parse(text) };
    const begun = performance.now();
    try {
      call.answer = await this.send(server(), call);
    } catch {
      call.answer = undefined;
    }
    call.milliseconds = performance.now() - begun;
    this.heard.push(call);
    const status = this.instead(call) ?? call.answer?.status;
    if (status === undefined) return outgoing.destroy();
    return outgoing.writeHead(status, { 'content-type': 'application/json' }).end(status === call.answer?.status ? call.answer.text : '{}');
  }

  /** The same call once more. */
  send(server, { path, headers, text }) {
    return request(`${server.url}${path}`, { method: 'POST', headers, body: text });
  }

  to(name) {
    return this.heard.filter(({ path }) => path === `/v1/forge/events/${name}`);
  }

  stop() {
    this.listener.closeAllConnections();
    this.listener.close();
  }
}
