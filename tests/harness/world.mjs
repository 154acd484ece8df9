// A whole small world: sandbox, belayd, an installation, people. `await World.open()` gives one that is paired; close() ends it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Belayd, configurationFor, publicUrlAt, writeConfiguration } from './belayd.mjs';
import { Caller } from './caller.mjs';
import { Clock } from './clock.mjs';
import { allowRemote, pair, registerRedirect } from './doors.mjs';
import { freePort } from './free_port.mjs';
import { link } from './linking.mjs';
import { Sandbox } from './sandbox.mjs';
import { readSeed } from './seed.mjs';

export class World {
  /**
   * `storage`: "sqlite" or a database URL. `paired: false` leaves pairing to the test. `clock: false`: the machine's own time.
   * `configure({addresses, folder})`: sections of belay.toml that replace or add keys. `sandboxArgs({folder, publicUrl})`: further options of the sandbox. `env`: belayd's environment. `place`: where its folder lies.
   */
  static async open({ storage = 'sqlite', paired = true, clock = true, seed, configure = () => ({}), env = {}, place = tmpdir(), sandboxArgs = () => [] } = {}) {
    const world = new World();
    try {
      world.folder = mkdtempSync(join(place, 'belay-test-'));
      world.seed = readSeed(seed);
      world.clock = clock ? new Clock(join(world.folder, 'clock')) : undefined;
      const port = await freePort();
      world.sandbox = await Sandbox.start({ seed: world.seed.file, clock: world.clock, args: await sandboxArgs({ folder: world.folder, publicUrl: publicUrlAt(port) }) });
      const { addresses } = world.sandbox;
      world.sections = configurationFor({
        addresses,
        folder: world.folder,
        port,
        storage: storage === 'sqlite' ? undefined : storage,
        teamviewer: world.seed.teamviewerApp,
        reports: world.seed.reportsApp,
        overrides: await configure({ addresses, folder: world.folder }),
      });
      world.publicUrl = world.sections.server.public_url;
      world.file = writeConfiguration(world.folder, world.sections, world.seed.teamviewerApp);
      world.env = env;
      await registerRedirect({ sandbox: world.sandbox, publicUrl: world.publicUrl, apps: [world.seed.teamviewerApp, world.seed.reportsApp] });
      await world.startBelayd();
      const { forge, jira } = await world.sandbox.state();
      world.sites = jira.sites.map((site) => ({ ...site, installation: forge.installations.find((one) => one.site === site.cloudId)?.id }));
      for (const { installation } of world.sites) await allowRemote({ sandbox: world.sandbox, publicUrl: world.publicUrl, installation });
      if (paired) await world.pair();
      return world;
    } catch (error) {
      await world.close().catch(() => {});
      throw error;
    }
  }

  /** belayd on the same configuration and database; after stop() or kill(), again. */
  async startBelayd({ env = this.env } = {}) {
    this.belayd = await Belayd.start({ file: this.file, clock: this.clock, env });
    return this.belayd;
  }

  /** A page of somebody: `{account, page, issue, project, request}`. Calls go to the belayd of the moment. */
  caller({ account, page, issue, project, request, installation }) {
    return new Caller({ sandbox: this.sandbox, server: () => this.belayd, account, page, issue, project, request, installation });
  }

  /** Somebody on the page of a request in the portal; its reporter. */
  customer(issue = this.seed.issue, account = issue.reporter) {
    return this.caller({ account, page: 'request', request: issue.key });
  }

  /** A site of the seed: {host, url, installation, …}. */
  siteByHost(host) {
    const site = this.sites.find((one) => one.host === host);
    return { ...site, url: `http://${host}:${new URL(this.sandbox.addresses.site).port}` };
  }

  get admin() {
    return this.caller({ account: this.seed.admin.accountId, page: 'admin' });
  }

  /** Somebody on the settings page of a project, by its key; its first administrator. */
  projectAdmin(project = this.seed.project.key, account = this.seed.projectAdmin.accountId) {
    return this.caller({ account, page: 'project', project });
  }

  /** The n-th agent, on the panel of `issue`. */
  agent(n = 0, issue = this.seed.issue.key) {
    return this.caller({ account: this.seed.agents[n].accountId, page: 'panel', issue });
  }

  pair() {
    return pair({ belayd: this.belayd, admin: this.admin, site: this.sandbox.addresses.site });
  }

  /** The TeamViewer account (its id) that belongs to the n-th agent. */
  async teamviewerAccount(n = 0) {
    const { email } = this.seed.agents[n].teamviewer;
    const { accounts } = (await this.sandbox.state()).teamviewer;
    return accounts.find((account) => account.email === email).id;
  }

  /** The n-th agent, after linking. */
  async linkedAgent(n = 0, issue = this.seed.issue.key) {
    const agent = this.agent(n, issue);
    await link(agent, { account: await this.teamviewerAccount(n) });
    return agent;
  }

  async close() {
    const results = await Promise.allSettled([this.belayd, this.sandbox].filter(Boolean).map((one) => one.stop()));
    rmSync(this.folder, { recursive: true, force: true });
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  }
}
