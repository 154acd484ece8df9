// [server] trusted_proxies: whose word counts about where a call came from, as the audit log keeps it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runProgram } from '../harness/program.mjs';
import { World } from '../harness/world.mjs';

const sqlite3 = '/usr/bin/sqlite3';
const skip = !existsSync(sqlite3) && 'SKIP: sqlite3 is not installed';

/** The address that the audit log keeps for a call with this X-Forwarded-For, of a belayd that trusts these proxies. */
async function recordedPeers(trusted, forwarded) {
  const world = await World.open({ configure: () => ({ server: { trusted_proxies: trusted } }) });
  try {
    const peers = [];
    for (const header of forwarded) {
      const { installation: _i, health: _h, defaults: _d, ...now } = await world.admin.expect(200, 'GET', '/v1/settings');
      await world.admin.expect(200, 'PUT', '/v1/settings', { ...now, validityMinutes: 60 + peers.length }, { headers: { 'x-forwarded-for': header } });
      const { status, output, errors } = await runProgram('sqlite3', sqlite3, ['-readonly', join(world.folder, 'belay.db'),
        "select peer from audit_entry where action = 'settings_changed' order by happened_at desc, id desc limit 1"]);
      assert.equal(status, 0, errors);
      peers.push(output.trim());
    }
    return peers;
  } finally {
    await world.close();
  }
}

test('a proxy that is trusted says who called; nobody else does, however long the chain', { skip }, async () => {
  assert.deepEqual(await recordedPeers(['127.0.0.0/8', '10.0.0.0/8'], ['203.0.113.9', '198.51.100.7, 203.0.113.9', '203.0.113.9, 10.1.2.3', 'unknown']), ['203.0.113.9', '203.0.113.9', '203.0.113.9', '127.0.0.1']);
  assert.deepEqual(await recordedPeers([], ['203.0.113.9']), ['127.0.0.1']);
  assert.deepEqual(await recordedPeers(['10.0.0.0/8'], ['203.0.113.9']), ['127.0.0.1']);
});
