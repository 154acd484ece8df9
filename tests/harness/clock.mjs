// The clock of belayd and of the sandbox: a file with an offset in milliseconds that both read anew each time (BELAY_TEST_CLOCK).
import { readFileSync, renameSync, writeFileSync } from 'node:fs';

export class Clock {
  constructor(file) {
    this.file = file;
    this.set(0);
  }

  get offset() {
    return Number.parseInt(readFileSync(this.file, 'utf8'), 10);
  }

  /** Replaced as a whole, so that no reader sees half a number. */
  set(milliseconds) {
    writeFileSync(`${this.file}.new`, `${Math.round(milliseconds)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  advance({ hours = 0, minutes = 0, seconds = 0, milliseconds = 0 }) {
    this.set(this.offset + ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds);
  }

  now() {
    return new Date(Date.now() + this.offset);
  }
}
