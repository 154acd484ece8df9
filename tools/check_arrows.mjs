// Do the includes under src/ obey the arrows of the house? The allowed arrows are the ROOMS lists of src/CMakeLists.txt, and only those.
// Command: node tools/check_arrows.mjs [root]; prints each violation and ends with 1 when there is one.
import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What only some rooms may touch. `headers` matches what stands between the angle brackets. */
const guarded = [
  { what: 'Beast', headers: /^boost\/beast\b/, rooms: ['net'] },
  { what: 'curl', headers: /^curl\//, rooms: ['net'] },
  {
    what: 'Asio networking',
    headers: /^boost\/asio(\.hpp$|\/(ip|ssl|local|generic|posix|windows)\/|\/(ssl|connect|connect_pipe|read|read_at|read_until|write|write_at|basic_.*|signal_set|serial_port.*|.*file)\.hpp$)/,
    rooms: ['net'],
  },
  { what: 'SOCI', headers: /^soci\b/, rooms: ['storage'] },
  { what: 'an SQL engine', headers: /^(sqlite3\.h|libpq-fe\.h|postgresql\/.*)$/, rooms: ['storage'] },
  { what: 'NATS', headers: /^nats\b/, rooms: ['bus'] },
  { what: 'spdlog', headers: /^spdlog\b/, rooms: ['base'] },
];

/** Rooms that are pure: no I/O, no clock, no random. */
const pure = ['support'];
const impure = [
  { what: 'reads the clock', code: /\b(system_clock|steady_clock|high_resolution_clock)::now\b|\bstd::time\(|\bgettimeofday\b/ },
  { what: 'is random', code: /\brandom_device\b|\bRAND_bytes\b|\bstd::rand\b/ },
  { what: 'does I/O', code: /#include <(fstream|filesystem|sys\/socket\.h|boost\/asio.*)>/ },
];

/** room -> { rooms: Set, testRooms: Set }, from the belay_room() calls. */
export function readArrows(root) {
  const text = readFileSync(join(root, 'src/CMakeLists.txt'), 'utf8').replace(/#.*$/gm, '');
  const arrows = new Map();
  for (const [, name, rest] of text.matchAll(/\bbelay_room\(\s*(\w+)([^)]*)\)/g)) {
    const list = (keyword) => {
      const found = rest.match(new RegExp(`\\b${keyword}\\b((?:\\s+(?!SINGLY\\b|ROOMS\\b|LIBRARIES\\b|STAGE\\b|TEST_STAGE\\b|TEST_LIBRARIES\\b)\\S+)*)`));
      return found ? found[1].trim().split(/\s+/).filter(Boolean) : [];
    };
    const testRooms = list('TEST_LIBRARIES').filter((library) => library.startsWith('belay_')).map((library) => library.slice('belay_'.length));
    arrows.set(name, { rooms: new Set(list('ROOMS')), testRooms: new Set(testRooms) });
  }
  return arrows;
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return /\.(hpp|cpp|h|ipp)$/.test(entry.name) ? [path] : [];
  });
}

/** Every violation as {file, line, problem}; empty when the house is in order. */
export function checkArrows(root) {
  const arrows = readArrows(root);
  const source = join(root, 'src');
  const violations = [];
  for (const path of filesBelow(source)) {
    const room = relative(source, path).split(sep)[0];
    const file = relative(root, path);
    const at = (line, problem) => violations.push({ file, line: line + 1, problem });
    if (!arrows.has(room)) {
      at(0, `lies in no room: src/CMakeLists.txt knows no "${room}"`);
      continue;
    }
    const { rooms, testRooms } = arrows.get(room);
    const isTest = /_test\.(cpp|hpp)$/.test(path);
    readFileSync(path, 'utf8').split('\n').forEach((text, line) => {
      const own = text.match(/^\s*#\s*include\s+"([^"]+)"/);
      if (own) {
        const target = own[1].split('/')[0];
        if (!own[1].includes('/') || !arrows.has(target)) at(line, `includes "${own[1]}": name the room first ("${room}/…")`);
        else if (target !== room && !rooms.has(target) && !(isTest && testRooms.has(target))) {
          at(line, `${room} may not include ${target} ("${own[1]}")`);
        }
      }
      const system = text.match(/^\s*#\s*include\s+<([^>]+)>/);
      if (system) {
        for (const { what, headers, rooms: allowed } of guarded) {
          if (headers.test(system[1]) && !allowed.includes(room)) at(line, `${what} belongs to ${allowed.join(', ')} (<${system[1]}>)`);
        }
      }
      if (pure.includes(room) && !isTest) {
        for (const { what, code } of impure) if (code.test(text)) at(line, `${room} is pure, and this ${what}`);
      }
    });
  }
  // The lists themselves must not make a circle: an arrow always leads down.
  const reaches = (from, to, seen = new Set()) => [...(arrows.get(from)?.rooms ?? [])].some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
  for (const name of arrows.keys()) {
    if (reaches(name, name)) violations.push({ file: 'src/CMakeLists.txt', line: 1, problem: `the arrows of ${name} lead back to it` });
  }
  return violations;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
  const violations = checkArrows(root);
  for (const { file, line, problem } of violations) console.log(`${file}:${line}: ${problem}`);
  process.exit(violations.length > 0 ? 1 : 0);
}
