// A remote as Forge calls it: keeps what came in, and answers as the test says.
import http from 'node:http';

export class Remote {
  calls = [];
  /** Gives {status, headers, text} for a call; a promise keeps Forge waiting. */
  answer = () => ({ status: 200, text: '{}' });

  static async start() {
    const remote = new Remote();
    remote.server = http.createServer((incoming, outgoing) => {
      const chunks = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', async () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const call = { method: incoming.method, path: incoming.url, headers: incoming.headers, body: text === '' ? undefined : JSON.parse(text) };
        remote.calls.push(call);
        const { status = 200, headers = {}, text: body = '{}' } = await remote.answer(call);
        outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
      });
    });
    await new Promise((resolve) => { remote.server.listen(0, '127.0.0.1', resolve); });
    remote.url = `http://127.0.0.1:${remote.server.address().port}`;
    return remote;
  }

  /** The calls to that path so far. */
  to(path) {
    return this.calls.filter((call) => call.path === path);
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
