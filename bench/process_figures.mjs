// What the kernel says about a process (proc(5)).
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** User and system time of all its threads so far, in microseconds (/proc/PID/stat, fields 14 and 15). */
export function cpuMicroseconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / ticksPerSecond) * 1e6;
}

/** Of /proc/PID/task/TID/schedstat, all threads together, in microseconds; a thread that ended takes its time along. */
function schedstat(pid, field) {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.reduce((sum, thread) => sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[field]), 0) / 1000;
}

/** As cpuMicroseconds(), to the nanosecond: for what takes less than a tick. */
export const fineCpuMicroseconds = (pid) => schedstat(pid, 0);

/** How long its threads were ready to run and got no core: others' work. */
export const waitedForCoreMicroseconds = (pid) => schedstat(pid, 1);

/** VmRSS in bytes. */
export function residentBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB$/m)[1]) * 1024;
}

/** The most that VmRSS ever was, in bytes. */
export function peakResidentBytes(pid) {
  return Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmHWM:\s+(\d+) kB$/m)[1]) * 1024;
}

/** Of a million bytes each, as every MB and KB of these tables. */
export const megabytes = (bytes) => bytes / 1e6;

/** Binds a process, all its threads, to one core. */
export function pin(pid, core) {
  execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
