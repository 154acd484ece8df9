// Where a test that is not about the disk keeps its files: in memory where there is room, which has no disk to wait for; in TMPDIR where that is there already.
import { accessSync, constants, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const memory = '/dev/shm';
const kRoom = 256 * 1024 * 1024;

export function scratchPlace() {
  if (tmpdir().startsWith(`${memory}/`)) return tmpdir();
  try {
    accessSync(memory, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize >= kRoom ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}
