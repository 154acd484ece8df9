// Whether a suite has driven every call that belayd can make. Each of them has a name of its own in the source, for metrics and log, and the metrics
// count what was called: a call that is new in the source and driven by no test shows here.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../harness/program.mjs';

/** The names in the source of a door, src/<room>: what `pattern` captures, sorted. Tests and what only they use do not count. */
export function callsInSource(room, pattern) {
  const files = readdirSync(join(root, 'src', room), { recursive: true }).filter((file) => file.endsWith('.cpp') && !file.endsWith('_test.cpp'));
  const names = files.flatMap((file) => [...readFileSync(join(root, 'src', room, file), 'utf8').matchAll(pattern)].map(([, name]) => name));
  return [...new Set(names)].sort();
}

/** Listens to belayd's metrics, which begin anew with each start: `listen()` before each end and at the last. */
export class CallsDriven {
  #names = new Set();

  constructor(world, party) {
    Object.assign(this, { world, party });
  }

  async listen() {
    const calls = (await this.world.belayd.metrics()).matchAll(/^belay_outbound_calls_total\{([^}]*)\}/gm);
    for (const [, labels] of calls) {
      const [, party, name] = labels.match(/name="([a-z]+)\.([a-z_]+)"/) ?? [];
      if (party === this.party) this.#names.add(name);
    }
  }

  get names() {
    return [...this.#names].sort();
  }
}
