// Runs the benchmarks by name and prints, besides the table, one JSON line for each figure.
// Exit status 1 when a goal was missed.
import * as coldStart from './cold_start.mjs';
import * as createToComment from './create_to_comment.mjs';
import * as followSessions from './follow_sessions.mjs';
import { measured, missedOf } from './goals.mjs';
import * as hiddenAddress from './hidden_address.mjs';
import * as panelBundle from './panel_bundle.mjs';
import * as panelColdTime from './panel_cold_time.mjs';
import * as panelCpu from './panel_cpu.mjs';
import * as panelHang from './panel_hang.mjs';
import * as panelPeople from './panel_people.mjs';
import * as presenceFanout from './presence_fanout.mjs';
import * as presenceLimit from './presence_limit.mjs';
import * as resident from './resident.mjs';
import * as rosterHuge from './roster_huge.mjs';
import * as workerThroughput from './worker_throughput.mjs';

const benches = {
  panel_cpu: panelCpu, resident, cold_start: coldStart, panel_bundle: panelBundle,
  panel_people: panelPeople, panel_cold_time: panelColdTime, panel_hang: panelHang, presence_fanout: presenceFanout, presence_limit: presenceLimit, hidden_address: hiddenAddress,
  roster_huge: rosterHuge,
  create_to_comment: createToComment, worker_throughput: workerThroughput, follow_sessions: followSessions,
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`bench: no such benchmark: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}\n`);
  process.exit(2);
}

const round = (value) => (value === null ? null : Number(value.toPrecision(4)));
const write = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) process.stdout.write(`${row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd()}\n`);
};

/** One figure a bench: a row of the common table. */
function writeCommon(rows) {
  const shown = rows.map(({ bench, ours, peer, ratio, unit, spread, limit, reached }) =>
    [bench, ours, peer ?? '-', ratio ?? '-', unit, spread ? `${spread.ratio[0].toFixed(2)}-${spread.ratio[1].toFixed(2)}` : '-', `${limit}${reached === false ? ' MISSED' : ''}`].map(String));
  write([['bench', 'ours', 'peer', 'ratio', 'unit', 'ratio of each round', 'to reach'], ...shown]);
}

/** Several figures: a table of its own, a row for each case. */
function writeCases(bench, rows) {
  const once = (values) => [...new Set(values)];
  const titles = once(rows.map(({ figure }) => figure));
  const at = (name, title) => rows.find((row) => row.case === name && row.figure === title);
  const cell = (row) => (row ? `${row.shown ?? row.ours ?? '-'}${row.reached === false ? ' MISSED' : ''}` : '');
  const first = (title) => rows.find(({ figure }) => figure === title);
  if (once(rows.map((row) => row.case)).length === 1) {
    write([[bench, rows[0].case, 'unit', 'to reach'], ...rows.map((row) => [row.figure, cell(row), row.unit, row.limit ?? ''])]);
    return;
  }
  const goals = titles.map((title) => once(rows.filter(({ figure, limit }) => figure === title && limit).map(({ limit }) => limit)).join(', '));
  write([
    [bench, ...titles],
    ['', ...titles.map((title) => first(title).unit)],
    ...once(rows.map((row) => row.case)).map((name) => [name, ...titles.map((title) => cell(at(name, title)))]),
    ...(goals.some(Boolean) ? [['to reach', ...goals]] : []),
  ]);
}

const rows = [];
for (const name of names.length > 0 ? names : Object.keys(benches)) {
  process.stderr.write(`measuring ${name}\n`);
  const again = (missed) => process.stderr.write(`missed ${missed.map(({ case: at, figure }) => [at, figure].filter(Boolean).join(': ') || name).join('; ')}; measuring once more\n`);
  for (const figure of await measured(benches[name].measure, again)) {
    const ratio = figure.peer === null ? null : figure.ours / figure.peer;
    rows.push({
      bench: name, ...(figure.case === undefined ? {} : { case: figure.case, figure: figure.figure }),
      ours: round(figure.ours), peer: round(figure.peer), ratio: round(ratio), unit: figure.unit, spread: figure.spread ?? null,
      ...(figure.reached === undefined ? {} : { reached: figure.reached }), ...(figure.shown === undefined ? {} : { shown: figure.shown }), limit: figure.limit,
    });
  }
}

const common = rows.filter((row) => row.case === undefined);
if (common.length > 0) writeCommon(common);
for (const name of new Set(rows.filter((row) => row.case !== undefined).map(({ bench }) => bench))) {
  if (name !== rows[0].bench || common.length > 0) process.stdout.write('\n');
  writeCases(name, rows.filter(({ bench }) => bench === name));
  if (benches[name].note) process.stdout.write(`${benches[name].note}\n`);
}
process.stdout.write('\n');
for (const { limit: _, ...row } of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
const missed = missedOf(rows);
if (missed.length > 0) {
  process.stderr.write(`MISSED: ${missed.map((row) => [row.bench, row.case, row.figure].filter(Boolean).join(', ')).join('; ')}\n`);
  process.exitCode = 1;
}
