// The demo's sites of Jira Data Center and Server: what belayd's configuration says of them, the plugin that stands in each, and what their admins enter there.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { root, runProgram } from '../../tests/harness/program.mjs';

/** What Belay hears of, as docs/datacenter.md tells their admins to choose. */
const events = ['jira:issue_created', 'jira:issue_updated', 'jira:issue_deleted', 'comment_created', 'comment_updated', 'comment_deleted'];

export class DataCenters {
  #publicUrl;
  #webhookSecrets;

  constructor({ seed, publicUrl }) {
    this.sites = seed.datacenter;
    this.#publicUrl = publicUrl;
    this.#webhookSecrets = Object.fromEntries(this.sites.map(({ name }) => [name, randomBytes(24).toString('base64url')]));
  }

  /** Writes the plugins, as each Jira has it installed; gives the folder for --plugins. */
  async writePlugins(folder) {
    for (const { name } of this.sites) {
      const { status, errors } = await runProgram('datacenter_plugin', join(root, 'tools/datacenter_plugin'), ['--server', this.#publicUrl, '--site', name, '--folder', join(folder, name)]);
      if (status !== 0) throw new Error(`datacenter_plugin ended with ${status}: ${errors}`);
    }
    return folder;
  }

  /** The sections of belay.toml. Where Jira has no incoming link, people type in tokens. */
  sections(addresses) {
    const sections = this.sites.map(({ name, clients: [client] = [], tokens: [{ token }] }) => [`datacenter.${name}`, {
      base_url: addresses[name],
      ...(client ? { client_id: client.clientId, client_secret: client.clientSecret } : {}),
      service_token: token,
      webhook_secret: this.#webhookSecrets[name],
    }]);
    return { server: { pages: join(root, 'forge/static') }, ...Object.fromEntries(sections) };
  }

  /** Where Jira sends people and news. */
  register(sandbox) {
    const sites = this.sites.map(({ name, clients }) => {
      const own = `${this.#publicUrl}/datacenter/${name}`;
      return [name, {
        ...(clients ? { redirectUris: [`${own}/callback`] } : {}),
        webhooks: [{ url: `${own}/webhook`, secret: this.#webhookSecrets[name], events }],
      }];
    });
    return sandbox.change({ datacenter: Object.fromEntries(sites) });
  }

  /** Lines that say where to go: a ticket of each site, as the person who has it. */
  guide(addresses) {
    return this.sites.flatMap(({ name, title, deployment, clients, people, issues }) => {
      const { key, assignee } = issues[0];
      const agent = people.find((person) => person.key === assignee);
      const typed = `with a token: ${addresses[name]}/secure/ViewProfile.jspa makes one`;
      return [`  ${addresses[name]}/browse/${key}?as=${agent.name}`, `    ${title} (${deployment}), as ${agent.displayName}; sign in ${clients ? 'with Jira' : typed}`];
    });
  }
}
