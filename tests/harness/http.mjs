// HTTP as a test needs it: *.localhost leads to this machine (Node's resolver does not know that, RFC 6761 section 6.3), nothing is
// followed by itself, and an answer is a plain value.
import http from 'node:http';

const lookup = (name, options, done) => {
  if (name !== 'localhost' && !name.endsWith('.localhost')) return done(new Error(`${name}: tests talk to this machine only`));
  return options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);
};
const agent = new http.Agent({ keepAlive: true, lookup });
const once = new http.Agent({ lookup });

/** Called with every exchange of this process: {method, url, requestHeaders, requestBody, status, headers, body}; for tests that look for what was said. */
export const listeners = new Set();

/**
 * One request. `body`: an object (sent as JSON), URLSearchParams (sent as a form), a string or a Buffer (sent as it is).
 * Gives {status, headers, text, json, location}; `json` is undefined when the body is no JSON. Rejects when no answer comes. `fresh`: over a connection
 * of its own.
 *
 * A connection that was kept may be closed by the other side at the very moment in which it is used again: a question is asked once more then
 * (RFC 9112 section 9.3.1), anything else should come `fresh` where the other side closes soon.
 */
export async function request(url, options = {}) {
  try {
    return await send(url, options);
  } catch (error) {
    if (!error.wasKept || (options.method ?? 'GET') !== 'GET') throw error;
    return send(url, { ...options, fresh: true });
  }
}

function send(url, { method = 'GET', headers = {}, body, timeout = 30_000, signal, fresh = false }) {
  const target = new URL(url);
  const sent = { ...headers };
  const has = (name) => Object.keys(sent).some((key) => key.toLowerCase() === name);
  let payload = body;
  if (body instanceof URLSearchParams) {
    payload = body.toString();
    if (!has('content-type')) sent['content-type'] = 'application/x-www-form-urlencoded';
  } else if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
    payload = JSON.stringify(body);
    if (!has('content-type')) sent['content-type'] = 'application/json';
  }
  if (payload !== undefined && !has('content-length')) sent['content-length'] = Buffer.byteLength(payload);

  return new Promise((resolve, reject) => {
    const outgoing = http.request(target, { method, headers: sent, agent: fresh ? once : agent, timeout, signal }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        let json;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        const { location } = answer.headers;
        for (const hear of listeners) hear({ method, url, requestHeaders: sent, requestBody: payload === undefined ? '' : String(payload), status: answer.statusCode, headers: answer.headers, body: text });
        resolve({ status: answer.statusCode, headers: answer.headers, text, json, location: location && new URL(location, target).href });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${url}: no answer within ${timeout} ms`)));
    outgoing.on('error', (error) => reject(Object.assign(error, { wasKept: outgoing.reusedSocket && error.code === 'ECONNRESET' })));
    outgoing.end(payload);
  });
}

/** A browser's memory for walking through pages: cookies by host, and redirects one at a time. */
export class Visitor {
  #cookies = new Map();

  async visit(url, options = {}) {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map();
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await request(url, { ...options, headers: { accept: 'text/html', ...(cookie ? { cookie } : {}), ...options.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim());
    }
    this.#cookies.set(host, jar);
    return { ...answer, url };
  }

  /** Follows redirects until a page comes, or one leads to an address for which `stop` says true; that address is `answer.location`. */
  async follow(url, { stop = () => false, ...options } = {}) {
    let answer = await this.visit(url, options);
    for (let hop = 0; answer.status >= 300 && answer.status < 400 && !stop(answer.location); hop += 1) {
      if (hop === 20) throw new Error(`${url}: redirects without end, at last to ${answer.location}`);
      answer = await this.visit(answer.location);
    }
    return answer;
  }
}

const decode = (text) => text.replace(/&quot;/g, '"').replace(/&#39;|&#x27;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');

/** The forms of a page: [{action, method, fields: {name: value}, buttons: [{name, value, text}]}], enough for pages without scripts. */
export function formsOf({ text, url }) {
  const attribute = (tag, name) => {
    const found = tag.match(new RegExp(`\\b${name}\\s*=\\s*("([^"]*)"|'([^']*)'|([^\\s>]+))`, 'i'));
    return found ? decode(found[2] ?? found[3] ?? found[4]) : undefined;
  };
  return [...text.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, open, inside]) => {
    const fields = {};
    for (const [tag] of inside.matchAll(/<input\b[^>]*>/gi)) {
      const name = attribute(tag, 'name');
      const type = (attribute(tag, 'type') ?? 'text').toLowerCase();
      if (!name || type === 'submit' || ((type === 'radio' || type === 'checkbox') && !/\schecked\b/i.test(tag))) continue;
      fields[name] = attribute(tag, 'value') ?? '';
    }
    for (const [, tag, options] of inside.matchAll(/<select\b([^>]*)>([\s\S]*?)<\/select>/gi)) {
      const first = options.match(/<option\b[^>]*\sselected[^>]*>/i)?.[0] ?? options.match(/<option\b[^>]*>/i)?.[0] ?? '';
      fields[attribute(tag, 'name')] = attribute(first, 'value') ?? '';
    }
    const buttons = [...inside.matchAll(/<button\b([^>]*)>([\s\S]*?)<\/button>/gi)]
      .map(([, tag, label]) => ({ name: attribute(tag, 'name'), value: attribute(tag, 'value') ?? '', text: decode(label.replace(/<[^>]*>/g, '').trim()) }));
    return { action: new URL(attribute(open, 'action') ?? '', url).href, method: (attribute(open, 'method') ?? 'get').toUpperCase(), fields, buttons };
  });
}
