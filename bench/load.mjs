// A client that keeps a few connections busy until every request of a list was answered with 200.
import http from 'node:http';

/** `headersOf(n)`: the headers of the n-th request. Gives the last body. Rejects on the first answer that is no 200. */
export async function drive(url, count, headersOf, { connections = 8 } = {}) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  let next = 0;
  let last;
  const one = (n) => new Promise((resolve, reject) => {
    http.get(url, { agent, headers: headersOf(n) }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('end', () => {
        last = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`${url}: ${answer.statusCode} ${last}`));
      });
    }).on('error', reject);
  });
  const lane = async () => {
    while (next < count) {
      const n = next;
      next += 1;
      await one(n);
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  agent.destroy();
  return last;
}
