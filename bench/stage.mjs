// What the benchmarks measure against: a sandbox, a paired belayd with one linked agent and a ticket with sessions, and the peer with the
// very same data.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Program } from '../tests/harness/program.mjs';
import { claimsOf, mint, serveKeys } from '../tests/harness/tokens.mjs';
import { until } from '../tests/harness/wait.mjs';
import { World } from '../tests/harness/world.mjs';

const peerServer = fileURLToPath(new URL('peer/server.mjs', import.meta.url));

/** Writes the file that the peer starts from. `headers`: of any call of the installation; `panels`: [{account, issueKey, panel}], as belayd answers them. */
export function writePeerWorld(folder, { headers, jwks, panels }) {
  const claims = claimsOf(headers.authorization);
  const file = join(folder, 'world.json');
  writeFileSync(file, JSON.stringify({ appIds: [claims.aud].flat(), environments: [claims.app.environment.type], jwks, installation: claims.app.installationId, panels }));
  return file;
}

export async function startPeer(world, env = {}) {
  const program = await Program.start('peer', process.execPath, [peerServer, world], { env: { NODE_ENV: 'production', ...env } });
  return { program, url: `http://${program.ready.ready.listen}` };
}

export class Stage {
  static async open({ sessions = 3 } = {}) {
    const stage = new Stage();
    stage.folder = mkdtempSync(join(tmpdir(), 'belay-bench-'));
    stage.world = await World.open({ clock: false, configure: async ({ addresses }) => {
      stage.keys = await serveKeys(addresses.jwks);
      return { forge: { jwks_url: stage.keys.url } };
    } });
    stage.agent = await stage.world.linkedAgent();
    for (let n = 0; n < sessions; n += 1) {
      await stage.agent.expect(202, 'POST', '/v1/sessions', { customer: { name: `Customer ${n + 1}` }, invitation: 'none' });
    }
    // Until nothing more is going to change: addresses that Jira gives to the app may come a moment after the rest.
    stage.panel = await until('the sessions are open and everybody is found', async () => {
      const panel = await stage.agent.expect(200, 'GET', '/v1/panel');
      const settled = panel.sessions.length === sessions && panel.sessions.every(({ state }) => state === 'open') && !panel.more && panel.people.every(({ standing }) => standing !== 'address_not_shared');
      return settled ? panel : undefined;
    });
    stage.headers = await stage.agent.headers();
    return stage;
  }

  /** Headers for `count` requests, each with a token that no other request has. */
  requestHeaders(count) {
    return mint(this.headers.authorization.slice('Bearer '.length), count).map((token) => ({ ...this.headers, authorization: `Bearer ${token}` }));
  }

  /** The file that the peer starts from. */
  peerWorld() {
    const { principal, context } = claimsOf(this.headers.authorization);
    return writePeerWorld(this.folder, { headers: this.headers, jwks: this.keys.jwks, panels: [{ account: principal, issueKey: context.extension.issue.key, panel: this.panel }] });
  }

  startPeer(env) {
    return startPeer(this.peerWorld(), env);
  }

  async close() {
    this.keys?.close();
    await this.world?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
