// What ./run does once everything is built: start the sandbox and belayd, seed, say "Ready:", and end both on Ctrl-C.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { Belayd, configurationFor, publicUrlAt, writeConfiguration } from '../../tests/harness/belayd.mjs';
import { registerRedirect } from '../../tests/harness/doors.mjs';
import { freePort } from '../../tests/harness/free_port.mjs';
import { binary, root } from '../../tests/harness/program.mjs';
import { Sandbox } from '../../tests/harness/sandbox.mjs';
import { readSeed } from '../../tests/harness/seed.mjs';
import { DataCenters } from './datacenter.mjs';
import { seedSite } from './seed.mjs';

const fresh = process.argv.includes('--fresh');
const port = Number(process.env.BELAY_DEMO_PORT ?? 8080);
const usual = join(root, '.demo');
const folder = resolve(root, process.env.BELAY_DEMO_FOLDER || usual);
/** Holds the process id of the demo that works in the folder, or worked there last. */
const mark = join(folder, 'demo.pid');
/** A path as one types it in the root, where ./run is called. */
const shown = (path) => (path.startsWith(root) ? relative(root, path) : path);
const say = (text) => process.stdout.write(`${text}\n`);
/** The personal page's name in the avatar menu. */
const accountPage = JSON.parse(readFileSync(join(root, 'forge/locales/en-US.json'), 'utf8')).account.title;

function giveUp(text) {
  process.stderr.write(`run: ${text}\n`);
  process.exitCode = 1;
}

/** Whether somebody listens there already: better said now than as the sandbox's failure. */
function taken() {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(true)).listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

/** The process of another demo that works in the folder now. By the number alone it might be any program. */
function worker() {
  const pid = existsSync(mark) ? readFileSync(mark, 'utf8').trim() : String(process.pid);
  const commandLine = `/proc/${pid}/cmdline`;
  return pid !== String(process.pid) && existsSync(commandLine) && readFileSync(commandLine, 'utf8').includes('demo/main.mjs') ? pid : undefined;
}

/** Makes the folder anew. What is deleted is an earlier demo's and nothing else. */
function clear() {
  const strange = folder !== usual && existsSync(folder) && readdirSync(folder).length > 0 && !existsSync(mark);
  if (strange) throw new Error(`${folder} holds files that are not the demo's. BELAY_DEMO_FOLDER takes a folder that is empty or new`);
  const other = worker();
  if (other) throw new Error(`${folder} is in use by process ${other}. End that one, or choose another folder: BELAY_DEMO_FOLDER=build/demo ./run`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(mark, `${process.pid}\n`);
}

async function main() {
  if (!Number.isInteger(port) || port < 1 || port > 65535) return giveUp(`BELAY_DEMO_PORT is no port: ${process.env.BELAY_DEMO_PORT}`);
  if (await taken()) return giveUp(`port ${port} is taken. End what listens there, or choose another one: BELAY_DEMO_PORT=8081 ./run`);

  const programs = [];
  const ending = new AbortController();
  const wanted = ending.signal;
  /** Stops what runs. What is still starting by then is stopped once it stands. */
  const end = async () => {
    ending.abort();
    const results = await Promise.allSettled(programs.splice(0).reverse().map((program) => program.stop()));
    for (const { reason } of results.filter(({ status }) => status === 'rejected')) giveUp(reason.message);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  const begin = async (start) => {
    wanted.throwIfAborted();
    const begun = await start();
    const { program } = begun;
    programs.push(program);
    wanted.throwIfAborted();
    program.ended.then(({ status, signal }) => {
      if (!wanted.aborted) giveUp(`${program.name} ended with ${signal ?? status}; its log is ${program.log}`);
      return end();
    });
    return begun;
  };

  try {
    clear();
    const seed = readSeed(join(root, 'demo/seed.json'));
    // Its address is built into the plugins, which the sandbox reads when it starts.
    const serverPort = await freePort();
    const datacenters = new DataCenters({ seed, publicUrl: publicUrlAt(serverPort) });
    const plugins = await datacenters.writePlugins(join(folder, 'plugins'));
    const sandbox = await begin(() => Sandbox.start({ listen: `127.0.0.1:${port}`, log: join(folder, 'sandbox.log'), apart: true, args: ['--plugins', plugins] }));
    const sections = configurationFor({
      addresses: sandbox.addresses, folder, port: serverPort, teamviewer: seed.teamviewerApp, reports: seed.reportsApp, overrides: datacenters.sections(sandbox.addresses.datacenter),
    });
    const file = writeConfiguration(folder, sections, seed.teamviewerApp);
    await registerRedirect({ sandbox, publicUrl: sections.server.public_url, apps: [seed.teamviewerApp, seed.reportsApp] });
    await datacenters.register(sandbox);
    const belayd = await begin(() => Belayd.start({ file, log: join(folder, 'belayd.log'), apart: true }));

    const agent = fresh ? undefined : await seedSite({ sandbox, belayd, publicUrl: sections.server.public_url, seed });
    wanted.throwIfAborted();
    /** A command of belayd as it works here, from this folder. */
    const command = (name, rest = '') => `  ${shown(binary('belayd'))} ${name} --config ${shown(file)}${rest}`;
    const pairing = command('pair', ` --site ${sandbox.addresses.site}`);
    say(`Ready: http://127.0.0.1:${port}/`);
    if (agent) {
      say(`${seed.site.name} is paired with ${sections.server.public_url}, and ${agent.name} has connected a TeamViewer account.`);
      say('Should you unpair it, this prints a new code, in another terminal:');
      say(pairing);
    } else {
      say('');
      say('Nothing is paired and no account is connected. As a Jira admin open Manage apps > Belay > Configure and give the server address');
      say(`  ${sections.server.public_url}`);
      say('then the code that this prints, in another terminal:');
      say(pairing);
      say(`Then, as an agent: avatar menu > ${accountPage} > Connect.`);
    }
    say('A Jira Data Center and a Jira Server have Belay on their tickets too. There people sign in to it:');
    for (const line of datacenters.guide(sandbox.addresses.datacenter)) say(line);
    say('Where the page tells you to run “belayd doctor” on the server, this is it here:');
    say(command('doctor'));
    say(`The sandbox\'s control, for faults and more (docs/sandbox/README.md): ${sandbox.addresses.control}`);
    say(`Ctrl-C ends everything. Logs and configuration: ${shown(folder)}/`);
  } catch (error) {
    // Whoever pressed Ctrl-C knows why the start came to nothing.
    if (!wanted.aborted) giveUp(error.message);
    await end();
  }
}

await main();
