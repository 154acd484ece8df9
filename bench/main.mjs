// Runs the benchmarks by name and prints, besides the table, one JSON line for each figure.
import * as coldStart from './cold_start.mjs';
import * as panelBundle from './panel_bundle.mjs';
import * as panelCpu from './panel_cpu.mjs';
import * as resident from './resident.mjs';

const benches = { panel_cpu: panelCpu, resident, cold_start: coldStart, panel_bundle: panelBundle };

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`bench: no such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

const round = (value) => (value === null ? null : Number(value.toPrecision(4)));
const rows = [];
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  process.stderr.write(`measuring ${name}\n`);
  const figure = await benches[name].measure();
  const ratio = figure.peer === null ? null : figure.ours / figure.peer;
  rows.push({ bench: name, ours: round(figure.ours), peer: round(figure.peer), ratio: round(ratio), unit: figure.unit, spread: figure.spread ?? null, limit: figure.limit });
}

const shown = rows.map(({ bench, ours, peer, ratio, unit, spread, limit }) =>
  [bench, ours, peer ?? '-', ratio ?? '-', unit, spread ? `${spread.ratio[0].toFixed(2)}-${spread.ratio[1].toFixed(2)}` : '-', limit].map(String));
const head = ['bench', 'ours', 'peer', 'ratio', 'unit', 'ratio of each round', 'to reach'];
const widths = head.map((title, column) => Math.max(title.length, ...shown.map((row) => row[column].length)));
for (const row of [head, ...shown]) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}\n`);
process.stdout.write('\n');
for (const { limit: _, ...row } of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
