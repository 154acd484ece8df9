// The peer: what belayd does for GET /v1/panel, written the way a Node team would (Express, jose), with all data in memory. That is kinder
// than what belayd does, which keeps its data in SQLite. The work per request is the same: verify the token's signature and claims, find the
// installation, check the principal's rights (from a cache), and hand out the answer with its version. As belayd does (docs/decisions/0005), it
// keeps the text of an answer while nothing it was made from has changed, so that what is compared is not who caches.
//
//   node server.mjs WORLD.json     WORLD: {appIds, environments, jwks, installation, panels: [{account, issueKey, panel}]}
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import express from 'express';
import { createLocalJWKSet, jwtVerify } from 'jose';

const world = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const keys = createLocalJWKSet(world.jwks);

// The data, as a team would hold it.
const installations = new Map([[world.installation, { paired: true }]]);
const rights = new Map();
const links = new Map();
const issues = new Map();
const rosters = new Map();
const sessions = new Map();
const others = new Map();   // what else an answer says
for (const { account, issueKey, panel: { issue, viewer, people, sessions: known, more, missing, defaults } } of world.panels) {
  const key = `${world.installation}/${issueKey}`;
  rights.set(`${world.installation}/${account}/${issueKey}`, { mayAct: true, until: Date.now() + 3_600_000 });
  links.set(`${world.installation}/${account}`, { ...viewer });
  issues.set(key, issue);
  rosters.set(key, people);
  sessions.set(key, known);
  others.set(key, { more, missing, defaults });
}

class Refusal extends Error {
  constructor(status, code) {
    super(code);
    Object.assign(this, { status, code });
  }
}

/** Steps 1 to 11 of the order in docs/forge.md. */
async function verify(authorization) {
  const token = authorization?.startsWith('Bearer ') ? authorization.slice(7) : '';
  let payload;
  try {
    ({ payload } = await jwtVerify(token, keys, { algorithms: ['RS256'], issuer: 'forge/invocation-token', audience: world.appIds, clockTolerance: 30 }));
  } catch {
    throw new Refusal(401, 'invalid_invocation_token');
  }
  const { app, context, principal, icLabel } = payload;
  const cloud = app?.apiBaseUrl?.split('/ex/jira/')[1];
  const claimsHold = icLabel === undefined && app?.id === payload.aud && app.installationId === app.installation?.id &&
    app.installation.contexts.every(({ cloudId }) => cloudId === undefined || cloudId === cloud) && (context?.cloudId ?? cloud) === cloud;
  if (!claimsHold) throw new Refusal(401, 'invalid_invocation_token');
  if (!world.environments.includes(app.environment.type)) throw new Refusal(403, 'environment_not_allowed');
  if (!installations.get(app.installationId)?.paired) throw new Refusal(403, 'not_paired');
  return { installation: app.installationId, account: principal, issueKey: context.extension.issue.key };
}

function actionsOf(session, viewer) {
  if (session.state === 'intended') return ['cancel'];
  if (session.state === 'failed') return ['retry'];
  if (!['open', 'customer_present', 'in_progress'].includes(session.state)) return [];
  return [...(session.customer?.id === viewer ? [] : ['connect', 'connect_browser']), 'copy_link', 'replace', 'note', 'close'];
}

const app = express();
app.disable('x-powered-by');
app.disable('etag');

const kept = new Map();   // by caller and issue: {text, version}; nothing changes here, so nothing is ever dropped

function made(caller, right) {
  const key = `${caller.installation}/${caller.account}/${caller.issueKey}`;
  if (kept.has(key)) return kept.get(key);
  const issueKey = `${caller.installation}/${caller.issueKey}`;
  const { more, missing, defaults } = others.get(issueKey);
  const body = {
    changed: true,
    issue: issues.get(issueKey),
    viewer: { ...links.get(`${caller.installation}/${caller.account}`), mayAct: right.mayAct },
    people: rosters.get(issueKey).map((person) => ({ ...person, actions: [...person.actions], disabled: [...person.disabled] })),
    more,
    sessions: sessions.get(issueKey).map((session) => ({ ...session, actions: actionsOf(session, caller.account) })),
    missing,
    defaults,
  };
  body.version = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 22);
  const answer = { text: JSON.stringify(body).slice(0, -1), version: body.version };
  kept.set(key, answer);
  return answer;
}

app.get('/v1/panel', async (request, response) => {
  const caller = await verify(request.headers.authorization);
  const right = rights.get(`${caller.installation}/${caller.account}/${caller.issueKey}`);
  if (!right || right.until < Date.now()) throw new Refusal(403, 'forbidden');
  const { text, version } = made(caller, right);
  if (request.query.since === version) return response.json({ changed: false, version });
  return response.type('json').send(`${text},"now":"${new Date().toISOString()}"}`);
});

app.get('/readyz', (_, response) => response.json({ ready: true }));

app.use((error, _request, response, _next) => {
  response.status(error.status ?? 500).json({ code: error.code ?? 'internal_error', message: error.message });
});

const server = app.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ ready: { listen: `127.0.0.1:${server.address().port}` } })}\n`);
});
process.on('SIGTERM', () => server.close(() => process.exit(0)) && server.closeAllConnections());
