// A private PostgreSQL cluster for the functional tests, by way of cluster.sh beside this file.
//
//   import { start, isInstalled } from "../postgres/cluster.mjs";
//   const cluster = await start();            // { url, socket, port, database(name), restart(), halt(), resume(), stop() }
//   …
//   await cluster.stop();
//
// The cluster ends with this process, even when that crashes.
import { execFile, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const script = fileURLToPath(new URL("cluster.sh", import.meta.url));
const versions = "/usr/lib/postgresql";

function programs() {
  if (!existsSync(versions)) return undefined;
  const newest = readdirSync(versions).sort((a, b) => Number(a) - Number(b)).at(-1);
  return newest && existsSync(`${versions}/${newest}/bin/initdb`) ? `${versions}/${newest}/bin` : undefined;
}

/** Whether the cluster can be started here; a test that needs it skips otherwise, saying "PostgreSQL is not installed". */
export function isInstalled() {
  return programs() !== undefined;
}

/** Starts a cluster. `durable` keeps fsync on. Rejects with the reason when it cannot. */
export async function start({ durable = false } = {}) {
  const child = spawn(script, durable ? ["--durable"] : [], { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  const ended = new Promise((resolve) => child.on("close", resolve));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  const nextLine = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the PostgreSQL cluster ended: ${complaint.trim()}`);
    return value;
  };
  const { url, socket, port } = JSON.parse(await nextLine());
  const tell = async (command, answer) => {
    child.stdin.write(`${command}\n`);
    const said = await nextLine();
    if (said !== answer) throw new Error(`the PostgreSQL cluster said ${said} to ${command}: ${complaint.trim()}`);
  };

  return {
    url,
    socket,
    port,
    /** Makes an empty database and gives its address. */
    async database(name) {
      await promisify(execFile)(`${programs()}/createdb`, ["-h", socket, "-p", String(port), "-U", "belay", name]);
      return `postgresql://belay@127.0.0.1:${port}/${name}`;
    },
    halt: () => tell("stop", "stopped"),
    /** Ends it as a power cut does: no farewell to anybody. */
    crash: () => tell("crash", "stopped"),
    resume: () => tell("start", "started"),
    async restart() {
      await tell("stop", "stopped");
      await tell("start", "started");
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
