// Builds the plugin for one Belay server and one of its sites: tools/datacenter_plugin. A plugin without Java code keeps no settings, so the address is built in.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { jarOf } from './jar.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const read = (path) => readFileSync(join(here, path), 'utf8');

const kUsage = `Usage: tools/datacenter_plugin --server ADDRESS --site NAME [--out FILE] [--folder FOLDER]

Builds Belay's plugin for Jira Data Center and Server, for one Belay server: the address is built in.
  --server   the server's public_url: https:// and a host, without a path; plain http only on this machine
  --site     the site's name in the server's configuration: [datacenter.NAME]
  --out      the jar to write
  --folder   a folder to write the jar's files into, as they are in it
The same bytes each time. docs/datacenter-plugin.md tells how it gets into Jira.
`;

class Refused extends Error {}

// The rules of public_url (README.md): a browser's name of an origin, and no letter in it that means something in XML, in a script or in a template.
const kOrigin = /^(https?):\/\/([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$/;
const kThisMachine = /^(localhost|([a-z0-9_-]+\.)+localhost|127(\.[0-9]{1,3}){3}|\[::1\])$/;
const kSite = /^[a-z0-9]{1,32}$/;

/** The origin as browsers write it. */
export function originOf(text) {
  const form = 'https:// and the name of a host, without a path, not even a slash at the end';
  const [, scheme, host] = kOrigin.exec(text) ?? [];
  if (!host) throw new Refused(`--server: ${form}`);
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Refused(`--server: ${form}`);
  }
  // "1.2" would become 1.0.0.2.
  if (url.hostname !== host.toLowerCase()) throw new Refused(`--server: '${host}' is not the name of a host`);
  if (url.port === '0') throw new Refused('--server: a port from 1 to 65535');
  if (scheme === 'http' && !kThisMachine.test(url.hostname)) throw new Refused('--server: https, since it is not on this machine');
  return url.origin;
}

export function siteOf(text) {
  if (!kSite.test(text)) throw new Refused('--site: a name of small letters and digits, 32 at most, as in the server’s configuration');
  return text;
}

// ---- the files ----

const filesUnder = (folder) => readdirSync(folder).sort().flatMap((name) => {
  const path = join(folder, name);
  return statSync(path).isDirectory() ? filesUnder(path) : [path];
});

export const version = /^project\(belay VERSION ([0-9.]+) /m.exec(read('../CMakeLists.txt'))[1];

// Jira's menus and the panel's heading have the words that they have in Jira Cloud. Properties are Latin-1; the rest is escaped.
const kLanguages = { 'belay.properties': 'en-US', 'belay_fr.properties': 'fr-FR' };
const kTitles = ['panel', 'admin', 'account', 'sessions', 'project'];
function propertiesOf(locale) {
  const words = JSON.parse(read(`../forge/locales/${locale}.json`));
  const escaped = (text) => text.replace(/[^\x20-\x7e]|\\/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return kTitles.map((page) => `belay.${page}=${escaped(words[page].title)}\n`).join('');
}

/** Everything in the jar: {name: Buffer}. */
export function filesOf({ server, site }) {
  const values = { SERVER: originOf(server), SITE: siteOf(site), VERSION: version };
  const folder = join(here, 'plugin');
  const written = filesUnder(folder).map((path) => [relative(folder, path), readFileSync(path, 'utf8').replace(/@(SERVER|SITE|VERSION)@/g, (_, name) => values[name])]);
  const worded = Object.entries(kLanguages).map(([name, locale]) => [name, propertiesOf(locale)]);
  return Object.fromEntries([...written, ...worded].map(([name, text]) => [name, Buffer.from(text)]));
}

// ---- the command ----

function run(given) {
  let options;
  try {
    const text = { type: 'string' };
    options = parseArgs({ args: given, options: { server: text, site: text, out: text, folder: text, help: { type: 'boolean', short: 'h' } } }).values;
  } catch (error) {
    throw new Refused(error.message);
  }
  if (options.help) return void process.stdout.write(kUsage);
  for (const name of ['server', 'site']) if (!options[name]) throw new Refused(`--${name} is missing; --help says more`);
  if (!options.out && !options.folder) throw new Refused('--out: where the jar goes');
  const files = filesOf(options);
  const write = (path, bytes) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  };
  if (options.folder) for (const [name, bytes] of Object.entries(files)) write(join(options.folder, name), bytes);
  if (options.out) write(options.out, jarOf(files));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    run(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Refused) && !error.syscall) throw error;
    process.stderr.write(`datacenter_plugin: ${error.message}\n`);
    process.exitCode = 2;
  }
}
