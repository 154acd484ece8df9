// A program under test: started with its own folder, known to be ready by its first line, ended by its process id.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { within } from './wait.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where the binaries lie; BELAY_BIN chooses another build. */
export const binaries = process.env.BELAY_BIN ?? join(root, 'build/release/bin');

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export function binary(name) {
  const path = join(binaries, name);
  if (!existsSync(path)) throw new Error(`${path} does not exist; build it with tools/build_server release`);
  return path;
}

export class Program {
  /**
   * Starts `command` and waits for a first line of JSON on its standard output. Fails with what it wrote when it ends before that.
   * `log`: a file for its standard error, which is then not kept in memory. `apart`: a terminal's Ctrl-C does not reach it; whoever started it
   * ends it.
   */
  static async start(name, command, args, { env = {}, cwd, log, apart = false, patience = 30_000 } = {}) {
    const stdio = ['ignore', 'pipe', log ? openSync(log, 'w') : 'pipe'];
    const program = new Program(name, spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio, detached: apart }), log);
    if (log) closeSync(stdio[2]);
    program.ready = await program.#firstLine(patience);
    return program;
  }

  constructor(name, child, log) {
    this.name = name;
    this.child = child;
    this.log = log;
    this.output = '';
    this.errors = '';
    running.add(child);
    child.stdout.setEncoding('utf8').on('data', (text) => { this.output += text; });
    child.stderr?.setEncoding('utf8').on('data', (text) => { this.errors += text; });
    this.ended = new Promise((resolve) => {
      child.on('error', (error) => {
        this.errors += `\n${error.message}`;
        resolve(this.outcome = { status: 127, signal: null });
      });
      child.on('close', (status, signal) => {
        running.delete(child);
        this.outcome = { status, signal };
        resolve(this.outcome);
      });
    });
  }

  #firstLine(patience) {
    const line = new Promise((resolve, reject) => {
      const fail = (why) => reject(new Error(`${this.name} ${why}\n${this.output}\n${this.written()}`));
      const look = () => {
        const end = this.output.indexOf('\n');
        if (end < 0) return;
        this.child.stdout.off('data', look);
        try {
          resolve(JSON.parse(this.output.slice(0, end)));
        } catch {
          fail('wrote a first line that is no JSON');
        }
      };
      this.child.stdout.on('data', look);
      this.ended.then(({ status, signal }) => fail(`ended with ${signal ?? status} before it was ready`));
    });
    return within(patience, line, () => this.child.kill('SIGKILL'));
  }

  /** All that it wrote to standard error so far. */
  written() {
    return this.log ? readFileSync(this.log, 'utf8') : this.errors;
  }

  get pid() {
    return this.child.pid;
  }

  /** What it wrote to standard error, line by line; JSON lines as objects. */
  get logs() {
    return this.written().split('\n').filter(Boolean).map((line) => {
      try {
        return JSON.parse(line);
      } catch {
        return { text: line };
      }
    });
  }

  /** Ends it politely; fails when it does not, or when it ends with an error (a sanitizer's finding, for example). */
  async stop({ patience = 20_000 } = {}) {
    if (this.outcome) return this.outcome;
    this.child.kill('SIGTERM');
    const { status, signal } = await within(patience, this.ended, () => this.child.kill('SIGKILL'));
    if (status !== 0) throw new Error(`${this.name} ended with ${signal ?? status}\n${this.written().slice(-4000)}`);
    return this.outcome;
  }

  /** Ends it at once, as a power cut would. */
  async kill() {
    this.child.kill('SIGKILL');
    return this.ended;
  }
}

/** Runs a program to its end: {status, output, errors}. */
export async function runProgram(name, command, args, { env = {}, cwd, patience = 30_000 } = {}) {
  const program = new Program(name, spawn(command, args, { env: { ...process.env, ...env }, cwd, stdio: ['ignore', 'pipe', 'pipe'] }));
  const { status, signal } = await within(patience, program.ended, () => program.child.kill('SIGKILL'));
  return { status: status ?? signal, output: program.output, errors: program.errors };
}
