// The sandbox as a test sees it: the program, its addresses, and its control (docs/sandbox/).
import { join } from 'node:path';
import { request } from './http.mjs';
import { Program, binary, root } from './program.mjs';

export const demoSeed = join(root, 'demo/seed.json');

/** The key that Forge's tokens are signed with, where whoever runs the tests has made one: else every sandbox makes its own, and takes longer to start. */
const keyOfAll = process.env.BELAY_TEST_SIGNING_KEY;

export class Sandbox {
  /** `clock`: a Clock shared with belayd. `signingKey`: a PEM file; null: it makes its own. Further options of the program in `args`. */
  static async start({ seed = demoSeed, clock, listen = '127.0.0.1:0', log, apart, args = [], env = {}, signingKey = keyOfAll } = {}) {
    const program = await Program.start('belay-sandbox', binary('belay-sandbox'), ['serve', '--listen', listen, '--seed', seed, ...(signingKey ? ['--signing-key', signingKey] : []), ...args], {
      cwd: root,
      log,
      apart,
      env: { ...(clock ? { BELAY_TEST_CLOCK: clock.file } : {}), ...env },
    });
    return new Sandbox(program);
  }

  constructor(program) {
    this.program = program;
    this.addresses = program.ready;
  }

  /** One call of the control; fails when it is refused. */
  async control(method, path, body) {
    const answer = await request(`${this.addresses.control}/${path}`, { method, body });
    if (answer.status >= 300) throw new Error(`control ${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  async #lines(path) {
    const { text } = await this.control('GET', path);
    return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Every outside effect accepted so far, in order; `kind` and `party` narrow it. */
  async journal({ kind, party } = {}) {
    return (await this.#lines('journal')).filter((entry) => (!kind || entry.kind === kind) && (!party || entry.party === party));
  }

  /** Every API request of belayd with its answer, secrets replaced. */
  requests() {
    return this.#lines('requests');
  }

  async state() {
    return (await this.control('GET', 'state')).json;
  }

  /** Changes only what is given. */
  change(patch) {
    return this.control('PUT', 'state', patch);
  }

  /** The whole new list of fault rules; an empty one ends all trouble. */
  faults(rules) {
    return this.control('PUT', 'faults', { rules });
  }

  /** Rules with their hits, and what is being held. */
  async faultState() {
    return (await this.control('GET', 'faults')).json;
  }

  /** {fit, userToken, systemToken} for a call from that page. */
  async fit(from) {
    return (await this.control('POST', 'fit', from)).json;
  }

  /** Makes Forge tell the server something: {name, …}. */
  async event(event) {
    return (await this.control('POST', 'events', event)).json;
  }

  /** A rule of Jira's automation runs an action of the app: {action, actor, issue, inputs, …}. What its audit log says. */
  async rule(run) {
    return (await this.control('POST', 'automation', run)).json;
  }

  stop() {
    return this.program.stop();
  }
}
