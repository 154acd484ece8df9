// Where belayd keeps its rows during a chaos run, and how another program holds its database locked for a while: that stops belayd
// between having read an answer and having written the row.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isInstalled, start } from '../postgres/cluster.mjs';

// A client that holds a lock from the line it prints until its input ends.
async function holdLock(command, args, statements, said) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write(statements);
  let output = '';
  child.stdout.setEncoding('utf8');
  while (!output.includes(said)) {
    const [text] = await Promise.race([once(child.stdout, 'data'), once(child, 'close').then(() => [undefined])]);
    if (text === undefined) throw new Error(`${command} could not lock the database: ${output}`);
    output += text;
  }
  return async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  };
}

function sqlite() {
  return {
    url: 'sqlite',
    lock: (folder) => holdLock('sqlite3', ['-bail', join(folder, 'belay.db')], '.timeout 5000\nbegin immediate;\nselect \'locked\';\n', 'locked'),
    end: async () => {},
  };
}

async function postgresql() {
  if (!isInstalled()) return undefined;
  const cluster = await start();
  const url = await cluster.database('chaos');
  return {
    url,
    lock: () => holdLock('psql', ['-X', '-q', '-t', '-v', 'ON_ERROR_STOP=1', url], 'begin;\nlock table support_session in exclusive mode;\nselect \'locked\';\n', 'locked'),
    end: () => cluster.stop(),
  };
}

/** {url, lock(folder) -> release, end()}; nothing when that storage is not installed. */
export function openStorage(name) {
  if (name === 'sqlite') return sqlite();
  if (name === 'postgresql') return postgresql();
  throw new Error(`--storage: sqlite or postgresql, not ${name}`);
}
