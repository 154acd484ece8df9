// What companies put before their Jira: a path of its own, a certificate of their own authority, a page that sends everybody elsewhere.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';

const listening = (server) => new Promise((resolve, reject) => { server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server.address().port)); });

/** What goes through a stream, as one text once it has ended. */
function kept(stream) {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8');
}

/**
 * Stands before the Jira at `target`. `path`: REST is under it alone (a context path; the sandbox's pages link without it). `tls`: {key, cert}, as text.
 * `answer(request, response)`: answers itself where it gives true. `hear(exchange)`: is told of each exchange, as `listeners` of http.mjs are. Gives {url, seen, close}; `seen`: {method, url,
 * authorization} of each request.
 */
export async function openFront(target, { path = '', tls, answer = () => false, hear } = {}) {
  const { hostname, port, host } = new URL(target);
  const seen = [];
  const server = (tls ? https : http).createServer(tls ?? {}, (request, response) => {
    seen.push({ method: request.method, url: request.url, authorization: request.headers.authorization });
    if (answer(request, response)) return;
    const inside = path && request.url.startsWith(`${path}/`);
    if (path && !inside && /^\/rest\/(api|servicedeskapi)\//.test(request.url)) {
      response.writeHead(404).end('nothing here');
      return;
    }
    const onward = http.request({ host: '127.0.0.1', port, method: request.method, path: inside ? request.url.slice(path.length) : request.url, headers: { ...request.headers, host } }, (reply) => {
      if (hear) {
        const { method, url, headers: requestHeaders } = request;
        const answered = kept(reply);
        reply.on('end', () => hear({ method, url, requestHeaders, requestBody: asked(), status: reply.statusCode, headers: reply.headers, body: answered() }));
      }
      response.writeHead(reply.statusCode, reply.rawHeaders);
      reply.pipe(response);
    });
    const asked = hear && kept(request);
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const own = await listening(server);
  return {
    url: `${tls ? 'https' : 'http'}://${hostname}:${own}${path}`,
    seen,
    close: () => new Promise((resolve) => { server.close(resolve).closeAllConnections(); }),
  };
}

/** An authority that nobody knows, and a certificate of its for `name`: {file, tls: {key, cert}}, `file` being the authority's own certificate. Made by openssl in `folder`. */
export function authorityFor(folder, name) {
  mkdirSync(folder, { recursive: true });
  const at = (file) => join(folder, file);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', at('authority.key'), '-out', at('authority.pem'), '-days', '3650', '-subj', '/CN=An authority of this company');
  openssl('req', ...key, '-keyout', at('jira.key'), '-out', at('jira.csr'), '-subj', `/CN=${name}`);
  writeFileSync(at('names'), `subjectAltName=DNS:${name}\n`);
  openssl('x509', '-req', '-in', at('jira.csr'), '-CA', at('authority.pem'), '-CAkey', at('authority.key'), '-CAcreateserial', '-days', '3650', '-extfile', at('names'), '-out', at('jira.pem'));
  return { file: at('authority.pem'), tls: { key: readFileSync(at('jira.key'), 'utf8'), cert: readFileSync(at('jira.pem'), 'utf8') } };
}
