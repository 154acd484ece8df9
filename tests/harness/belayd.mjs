// belayd as a company would run it: a configuration file, its keys, its database; and as a test needs it: a port of its own and a sandbox outside.
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { request } from './http.mjs';
import { Program, binary, runProgram } from './program.mjs';

/** How belayd on that port is reached by browsers and Jira. */
export const publicUrlAt = (port) => `http://belay.localhost:${port}`;

function toToml(value) {
  if (Array.isArray(value)) return `[${value.map(toToml).join(', ')}]`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** {section: {key: value}} as TOML; a section within a section (datacenter.<name>) is written with its dot. */
export function tomlOf(sections) {
  return Object.entries(sections)
    .map(([section, keys]) => `[${section}]\n${Object.entries(keys).map(([key, value]) => `${key} = ${toToml(value)}\n`).join('')}`)
    .join('\n');
}

/** The configuration that fits a running sandbox; `reports`: the second app, which may read connection records. `overrides` replaces keys section by section; undefined takes a key away. */
export function configurationFor({ addresses, folder, port, storage, teamviewer, reports, overrides = {} }) {
  const sections = {
    server: { listen: `127.0.0.1:${port}`, public_url: publicUrlAt(port), admin_listen: '127.0.0.1:0' },
    storage: { url: storage ?? `sqlite:${join(folder, 'belay.db')}` },
    bus: { url: 'inproc:' },
    secrets: { key_file: join(folder, 'keys') },
    forge: {
      app_ids: [addresses.forge_app_id],
      environments: ['PRODUCTION'],
      jwks_url: addresses.jwks,
      // Beside SQLite it is by itself.
      ...(storage ? { jwks_cache: join(folder, 'forge-keys.json') } : {}),
      api_hosts: [new URL(addresses.jira_api).origin],
    },
    teamviewer: {
      client_id: teamviewer.clientId,
      client_secret_file: join(folder, 'teamviewer-secret'),
      authorize_url: addresses.teamviewer_authorize,
      api_url: addresses.teamviewer_api,
      launch_url: addresses.teamviewer_launch,
      ...(reports ? { reports_client_id: reports.clientId, reports_client_secret: reports.clientSecret } : {}),
    },
  };
  for (const [section, keys] of Object.entries(overrides)) {
    sections[section] = Object.fromEntries(Object.entries({ ...sections[section], ...keys }).filter(([, value]) => value !== undefined));
  }
  return sections;
}

/** Writes belay.toml, the sealing key and the client secret into `folder`; gives the file's path. */
export function writeConfiguration(folder, sections, { clientSecret }) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'keys'), `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'a' });
  writeFileSync(join(folder, 'teamviewer-secret'), `${clientSecret}\n`, { mode: 0o600 });
  const file = join(folder, 'belay.toml');
  writeFileSync(file, tomlOf(sections));
  return file;
}

export class Belayd {
  /** Starts on a configuration file that was written before. */
  static async start({ file, clock, log, apart, env = {} }) {
    const environment = { ...(clock ? { BELAY_TEST_CLOCK: clock.file } : {}), ...env };
    const program = await Program.start('belayd', binary('belayd'), ['serve', '--config', file], { env: environment, log, apart });
    return new Belayd(program, file, environment);
  }

  constructor(program, file, environment) {
    this.program = program;
    this.file = file;
    this.environment = environment;
    const { listen, admin_listen: admin } = program.ready.ready;
    this.url = `http://${listen.replace(/^https?:\/\//, '')}`;
    this.adminUrl = `http://${admin.replace(/^https?:\/\//, '')}`;
  }

  /** Another belayd command on the same configuration: {status, output, errors}. */
  command(...args) {
    return runProgram(`belayd ${args[0]}`, binary('belayd'), [...args, '--config', this.file], { env: this.environment });
  }

  /** A one-use pairing code for that site. */
  async pairingCode(site) {
    const { status, output, errors } = await this.command('pair', '--site', site);
    const code = output.match(/\b[A-Za-z0-9]{4,}(?:-[A-Za-z0-9]{4,})+\b|\b[A-Z2-7a-z0-9]{16,}\b/)?.[0];
    if (status !== 0 || !code) throw new Error(`belayd pair ended with ${status}: ${output}${errors}`);
    return code;
  }

  get(path, options) {
    return request(`${this.url}${path}`, options);
  }

  async metrics() {
    return (await request(`${this.adminUrl}/metrics`)).text;
  }

  get logs() {
    return this.program.logs;
  }

  stop() {
    return this.program.stop();
  }

  kill() {
    return this.program.kill();
  }
}
