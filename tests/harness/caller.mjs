// Somebody in Jira whose page calls belayd: every call carries a fresh invocation token and the tokens that Forge adds, as invokeRemote does.
// Every answer is held against docs/openapi.yaml.
import { request } from './http.mjs';
import { problemsOf } from './openapi.mjs';

/** Module keys of forge/manifest.yml by the page's name. */
export const modules = { panel: 'belay-panel', admin: 'belay-admin', account: 'belay-account', project: 'belay-project', request: 'belay-request', queue: 'belay-queue', sessions: 'belay-sessions' };

export class Caller {
  /**
   * `server()`: the belayd of the moment. `account`, `installation` as in the seed; `page` panel, admin, account, project, request or queue; `issue` a key, for the panel; `project` a key,
   * for the settings of a project and the page among its queues; `request` a key, for the customer's page in the portal.
   */
  constructor({ sandbox, server, account, page, issue, project, request: asked, installation }) {
    Object.assign(this, { sandbox, server, account, page, issue, project, request: asked, installation });
  }

  /** The same person elsewhere: `with({page: 'account'})`. */
  with(changes) {
    return new Caller({ ...this, ...changes });
  }

  async headers() {
    const { fit, userToken, systemToken } = await this.sandbox.fit({
      account: this.account,
      module: modules[this.page] ?? this.page,
      ...(this.issue ? { issue: this.issue } : {}),
      ...(this.project ? { project: this.project } : {}),
      ...(this.request ? { request: this.request } : {}),
      ...(this.installation ? { installation: this.installation } : {}),
    });
    return {
      authorization: `Bearer ${fit}`,
      ...(systemToken ? { 'x-forge-oauth-system': systemToken } : {}),
      ...(userToken ? { 'x-forge-oauth-user': userToken } : {}),
      'x-b3-traceid': '463ac35c9f6413ad48485a3953bb6124',
    };
  }

  async call(method, path, body, { headers = {} } = {}) {
    const { url, program } = this.server();
    const all = { accept: 'application/json', ...(await this.headers()), ...headers };
    const answer = await request(`${url}${path}`, { method, body, headers: all }).catch((error) => {
      const { status, signal } = program.outcome ?? {};
      if (program.outcome) error.message += `; belayd has ended with ${signal ?? status}:\n${program.written().slice(-4000)}`;
      throw error;
    });
    const problems = problemsOf(method, path, answer);
    if (problems.length > 0) throw new Error(`${method} ${path} answered ${answer.status} not as documented: ${problems.join('; ')}\n${answer.text.slice(0, 2000)}`);
    return { ...answer, body: answer.json };
  }

  get(path, options) { return this.call('GET', path, undefined, options); }
  post(path, body, options) { return this.call('POST', path, body, options); }
  put(path, body, options) { return this.call('PUT', path, body, options); }
  delete(path, options) { return this.call('DELETE', path, undefined, options); }

  /** The answer's body, or a failure that shows what came instead. */
  async expect(status, method, path, body, options) {
    const answer = await this.call(method, path, body, options);
    if (answer.status !== status) throw new Error(`${method} ${path}: expected ${status}, got ${answer.status} ${answer.text}`);
    return answer.body;
  }
}
