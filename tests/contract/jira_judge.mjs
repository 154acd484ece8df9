// Atlassian's own OpenAPI of Jira Cloud as a judge of what we send, in two parts.
//
// Prism mocks the document and refuses a request that does not fit it: 404 for a route that does not exist, 400 with the header
// sl-violations (422 where the document knows no 400) for one of the wrong shape, 401 without a token where the document insists. It
// runs without --errors, because Atlassian's examples are strings and every success would become a 500.
//
// Prism lets pass what the document does not name: a misspelt query parameter, a member of an open object, a missing Authorization on the
// operations that anonymous callers may use. Those are looked at here.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { freePort } from '../harness/free_port.mjs';
import { request } from '../harness/http.mjs';
import { until, within } from '../harness/wait.mjs';
import { readJson } from './contracts.mjs';

/** Personal data reporting, by Atlassian's user privacy guide (docs/personal-data.md): what is wrong with a report, as a list of sentences. */
export function reportProblems({ method, query, body, contentType }) {
  const problems = [];
  if (method !== 'POST' || query.length > 0 || contentType.split(';')[0] !== 'application/json') problems.push('not a POST of JSON');
  const { accounts = [], ...more } = JSON.parse(body || '{}');
  if (Object.keys(more).length > 0) problems.push(`members ${Object.keys(more)} are not in the guide`);
  if (accounts.length < 1 || accounts.length > 90) problems.push(`${accounts.length} accounts`);
  if (new Set(accounts.map(({ accountId }) => accountId)).size !== accounts.length) problems.push('an account is named twice');
  for (const { accountId, updatedAt, ...rest } of accounts) {
    if (typeof accountId !== 'string' || accountId === '' || Object.keys(rest).length > 0) problems.push('an account is more or less than id and time');
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(updatedAt ?? '')) problems.push(`updatedAt ${updatedAt}`);
  }
  return problems;
}

const program = createRequire(import.meta.url).resolve('@stoplight/prism-cli/dist/index.js');

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Prism on `file`; {url, stop}. */
async function startPrism(file) {
  const port = await freePort();
  const child = spawn(process.execPath, [program, 'mock', '-h', '127.0.0.1', '-p', String(port), file], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let written = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { written = (written + text).slice(-4000); });
  const ended = once(child, 'exit').finally(() => running.delete(child));
  const url = `http://127.0.0.1:${port}`;
  await until('Prism listens', async () => {
    if (child.exitCode !== null) throw Object.assign(new Error(`Prism ended with ${child.exitCode}\n${written}`), { code: 'ERR_ASSERTION' });
    return request(`${url}/rest/api/3/serverInfo`);
  }, { timeout: 60_000, every: 100 });
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await within(5_000, ended, () => child.kill('SIGKILL'));
    },
  };
}

export class JiraJudge {
  /** Reads the document and starts Prism on it; `stop()` ends it. */
  static async start(file) {
    const document = readJson(file);
    return new JiraJudge(document, await startPrism(file));
  }

  constructor(document, prism) {
    this.document = document;
    this.prism = prism;
    this.routes = Object.entries(document.paths)
      .map(([path, item]) => ({ path, item, pattern: new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`) }))
      // Where two fit, the one with fewer parameters is meant: /user/groups is no user.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  stop() {
    return this.prism.stop();
  }

  /** The document's operation that a recorded request is, with the parameters of its path; undefined when there is none. */
  operationOf({ method, path }) {
    const route = this.routes.find(({ pattern, item }) => pattern.test(path) && item[method.toLowerCase()]);
    if (!route) return undefined;
    const operation = route.item[method.toLowerCase()];
    return { ...operation, parameters: [...(route.item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => this.#resolve(one)) };
  }

  /** What is wrong with a line of the sandbox's recording, as a list of sentences; empty when nothing is. */
  async problemsOf(line) {
    const name = `${line.method} ${line.path}`;
    const problems = [];
    if (!line.authorization || !line.bearer) problems.push(`${name}: no bearer token`);
    // Of Jira Service Management's own API there is no public document.
    if (line.path.startsWith('/rest/servicedeskapi/')) return problems;
    // Neither is there one of what is Atlassian's and no site's.
    if (line.path === '/app/report-accounts/') return [...problems, ...reportProblems(line).map((problem) => `${name}: ${problem}`)];
    const operation = this.operationOf(line);
    if (!operation) problems.push(`${name}: not in the document`);
    else problems.push(...this.#unknownNames(operation, line).map((problem) => `${name}: ${problem}`));
    return [...problems, ...(await this.#askPrism(line)).map((problem) => `${name}: ${problem}`)];
  }

  #resolve(node) {
    return node?.$ref ? node.$ref.split('/').slice(1).reduce((at, key) => at[key.replace(/~1/g, '/').replace(/~0/g, '~')], this.document) : node;
  }

  #unknownNames({ parameters, requestBody }, { query, body, contentType }) {
    const problems = [];
    const names = query.map(([key]) => key);
    for (const key of new Set(names)) {
      const parameter = parameters.find((one) => one.in === 'query' && one.name === key);
      if (!parameter) problems.push(`query ${key} is not in the document`);
      else if (/no longer available/i.test(parameter.description)) problems.push(`query ${key} is no longer available`);
      if (names.filter((one) => one === key).length > 1 && parameter?.schema.type !== 'array') problems.push(`query ${key} is repeated`);
    }
    if (body === '') return requestBody?.required ? [...problems, 'the body is missing'] : problems;
    if (!requestBody) return [...problems, 'this call takes no body'];
    if (contentType.split(';')[0] !== 'application/json') return [...problems, `content type ${contentType}`];
    const { properties = {} } = this.#resolve(requestBody.content['application/json'].schema);
    const known = Object.keys(properties);
    if (known.length === 0) return problems;
    for (const [key, { readOnly = false }] of Object.keys(JSON.parse(body)).map((key) => [key, properties[key] ?? {}])) {
      if (!known.includes(key)) problems.push(`member ${key} is not in the document`);
      else if (readOnly) problems.push(`member ${key} is read-only`);
    }
    return problems;
  }

  /** `anonymous` leaves the token away. */
  async #askPrism({ method, path, query, body, contentType, anonymous = false }) {
    // For addresses the document lists basicAuth alone, and Prism refuses the bearer token which an app has to send: the rest of the request it judges.
    const scheme = path.startsWith('/rest/api/3/user/email') ? 'Basic anVkZ2VkOmVsc2V3aGVyZQ==' : 'Bearer judged-elsewhere';
    const search = query.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
    const answer = await request(`${this.prism.url}${path}${search ? `?${search}` : ''}`, {
      fresh: true,   // Node's servers close what is idle for five seconds
      method,
      headers: { accept: 'application/json', ...(anonymous ? {} : { authorization: scheme }), ...(body === '' ? {} : { 'content-type': contentType }) },
      body: body === '' ? undefined : body,
    });
    if (answer.status >= 200 && answer.status < 300) return [];
    const violations = answer.headers['sl-violations'];
    return [`Prism answers ${answer.status} ${violations ?? answer.text}`];
  }
}
