// Invocation tokens of our own making, from one that the sandbox minted: by the thousand for measurements, or with a claim that Forge would
// never write. The key set that belayd then reads holds the sandbox's keys and ours.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import http from 'node:http';
import { request } from './http.mjs';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = 'ours';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };

export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));

/** One token with these claims, signed with our key; `header` adds to alg, kid and typ, or replaces them. */
export function signed(claims, header = {}) {
  const text = `${encode({ alg: 'RS256', kid, typ: 'JWT', ...header })}.${encode(claims)}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** `count` distinct tokens with the claims of `template`, good for an hour. */
export function mint(template, count) {
  const claims = claimsOf(template);
  const now = Math.floor(Date.now() / 1000);
  return Array.from({ length: count }, () => signed({ ...claims, iat: now - 5, nbf: now - 5, exp: now + 3600, jti: randomUUID() }));
}

/**
 * Serves the key set; {url, jwks, asked, answer, close}. `others`: the address of the sandbox's set, read at once. `answer` may be replaced by
 * {status, text} to play a CDN in trouble; `asked` counts.
 */
export async function serveKeys(others) {
  const jwks = { keys: [...(await request(others)).json.keys, publicJwk] };
  const keys = { jwks, asked: 0, answer: undefined };
  const server = http.createServer((_, answer) => {
    keys.asked += 1;
    const { status = 200, text = JSON.stringify(keys.jwks) } = keys.answer ?? {};
    answer.writeHead(status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  keys.url = `http://127.0.0.1:${server.address().port}/jwks.json`;
  keys.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return keys;
}
