// The arrows of the house (CONTRIBUTING.md): the includes obey src/CMakeLists.txt, and the check notices when they do not.
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkArrows, readArrows } from '../tools/check_arrows.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

test('every include under src/ follows an allowed arrow', () => {
  assert.deepEqual(checkArrows(root).map(({ file, line, problem }) => `${file}:${line}: ${problem}`), []);
});

test('the list that CMake links by is the list that is checked', () => {
  const arrows = readArrows(root);
  assert.deepEqual([...arrows.get('desk').rooms].sort(), ['base', 'ports', 'support']);
  assert.deepEqual([...arrows.get('base').rooms], []);
  assert.ok(arrows.size >= 14, `only ${arrows.size} rooms were read`);
});

describe('a planted violation is found', () => {
  const copies = [];
  after(() => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true })));

  /** A copy of src/ in which `file` says one line more. */
  function planted(file, line) {
    const copy = mkdtempSync(join(tmpdir(), 'belay-arrows-'));
    copies.push(copy);
    cpSync(join(root, 'src'), join(copy, 'src'), { recursive: true });
    const path = join(copy, 'src', file);
    mkdirSync(join(path, '..'), { recursive: true });
    appendFileSync(path, `\n${line}\n`);
    return checkArrows(copy).flatMap(({ file: where, problem }) => (where === `src/${file}` ? [problem] : []));
  }

  const cases = [
    ['the domain reaches for the network', 'support/planted.cpp', '#include "net/client.hpp"', /support may not include net/],
    ['an adapter includes another adapter', 'jira/planted.cpp', '#include "teamviewer/planted.hpp"', /jira may not include teamviewer/],
    ['a use case knows its database', 'desk/planted.cpp', '#include "storage/planted.hpp"', /desk may not include storage/],
    ['the sandbox takes over client code of belayd', 'sandbox/planted.cpp', '#include "jira/planted.hpp"', /sandbox may not include jira/],
    ['Beast outside net', 'gateway/planted.cpp', '#include <boost/beast/http.hpp>', /Beast belongs to net/],
    ['curl outside net', 'teamviewer/planted.cpp', '#include <curl/curl.h>', /curl belongs to net/],
    ['sockets outside net', 'belayd/planted.cpp', '#include <boost/asio/ip/tcp.hpp>', /Asio networking belongs to net/],
    ['all of Asio outside net', 'work/planted.cpp', '#include <boost/asio.hpp>', /Asio networking belongs to net/],
    ['SOCI outside storage', 'work/planted.cpp', '#include <soci/soci.h>', /SOCI belongs to storage/],
    ['an include that names no room', 'desk/planted.cpp', '#include "sessions.hpp"', /name the room first/],
    ['a room that CMake does not know', 'attic/planted.cpp', '#include "base/result.hpp"', /lies in no room/],
    ['a clock in the domain', 'support/planted.cpp', 'auto now = std::chrono::system_clock::now();', /support is pure, and this reads the clock/],
  ];
  for (const [name, file, line, expected] of cases) {
    test(name, () => {
      const found = planted(file, line);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0], expected);
    });
  }

  test('arrows that lead in a circle', () => {
    const copy = mkdtempSync(join(tmpdir(), 'belay-arrows-'));
    copies.push(copy);
    mkdirSync(join(copy, 'src'));
    writeFileSync(join(copy, 'src/CMakeLists.txt'), 'belay_room(desk ROOMS work)\nbelay_room(work ROOMS desk)\n');
    assert.match(checkArrows(copy).map(({ problem }) => problem).join('\n'), /lead back/);
  });
});
