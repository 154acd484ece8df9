// Jira Data Center as tests of the sandbox speak to it: somebody's calls of REST, and the way through consent.
import { createHash, randomBytes } from 'node:crypto';
import { Visitor, formsOf, request } from '../harness/http.mjs';

export const redirect = 'http://belay.localhost/callback';
export const client = { client_id: 'belay-datacenter', client_secret: 'belay-datacenter-secret' };

/** Calls of REST with that Authorization; `path` under the site's address. */
export function caller(site, authorization) {
  const call = (method) => (path, body, headers = {}) => request(`${site}/${path}`, { method, body, headers: { ...(authorization ? { authorization } : {}), ...headers } });
  return { get: (path, headers) => call('GET')(path, undefined, headers), post: call('POST'), put: call('PUT'), delete: call('DELETE') };
}

/** A personal token that they make for themselves, on their profile. */
export async function tokenOf(site, name, fields = {}) {
  const visitor = new Visitor();
  await visitor.visit(`${site}/secure/ViewProfile.jspa?as=${name}`);
  const page = await visitor.visit(`${site}/secure/ViewProfile.jspa`, { method: 'POST', body: new URLSearchParams(fields) });
  return page.text.match(/<code>([^<]+)<\/code>/)[1];
}

export const as = async (site, name) => caller(site, `Bearer ${await tokenOf(site, name)}`);

export function challenge() {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export const authorizeAddress = (site, wish) => `${site}/rest/oauth2/latest/authorize?${new URLSearchParams({ client_id: client.client_id, redirect_uri: redirect, response_type: 'code', state: 'st', scope: 'WRITE', ...wish })}`;

/** Where the app is sent back to once `name` has decided: its query. */
export async function consent(site, name, wish = {}, decision = 'yes') {
  const visitor = new Visitor();
  await visitor.visit(`${site}/secure/Dashboard.jspa?as=${name}`);
  const page = await visitor.visit(authorizeAddress(site, wish));
  const [form] = formsOf(page);
  if (!form) return { page, query: page.location && new URL(page.location).searchParams };
  const answer = await visitor.visit(form.action, { method: 'POST', body: new URLSearchParams({ ...form.fields, allow: decision }) });
  return { page, query: new URL(answer.location).searchParams };
}

export const tokenCall = (site, fields) => request(`${site}/rest/oauth2/latest/token`, { method: 'POST', body: new URLSearchParams({ ...client, redirect_uri: redirect, ...fields }) });
