// Invocation tokens by the thousand: made from one that the sandbox signed, each with its own id, signed with a key of the bench's own.
// The key set that both servers read holds the sandbox's keys and this one.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import http from 'node:http';
import { request } from '../tests/harness/http.mjs';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const kid = 'bench';
const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };

/** `count` distinct tokens with the claims of `template`, good for an hour. */
export function mint(template, count) {
  const claims = JSON.parse(Buffer.from(template.split('.')[1], 'base64url').toString('utf8'));
  const now = Math.floor(Date.now() / 1000);
  const head = encode({ alg: 'RS256', kid, typ: 'JWT' });
  return Array.from({ length: count }, () => {
    const text = `${head}.${encode({ ...claims, iat: now - 5, nbf: now - 5, exp: now + 3600, jti: randomUUID() })}`;
    return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
  });
}

/** Serves the key set; {url, jwks, close}. `others`: the address of the sandbox's set, read at once. */
export async function serveKeys(others) {
  const jwks = { keys: [...(await request(others)).json.keys, publicJwk] };
  const server = http.createServer((_, answer) => answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(jwks)));
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return { url: `http://127.0.0.1:${server.address().port}/jwks.json`, jwks, close: () => server.close() };
}
