// The same tests on every storage: `onEachStorage((storage) => { test(…, async () => World.open({ storage: await storage.fresh() })) })`.
import { after, before, describe } from 'node:test';
import { isInstalled, start } from '../postgres/cluster.mjs';

export function onEachStorage(body) {
  describe('on SQLite', () => body({ name: 'sqlite', fresh: async () => 'sqlite' }));

  describe('on PostgreSQL', { skip: isInstalled() ? false : 'PostgreSQL is not installed' }, () => {
    let cluster;
    let databases = 0;
    before(async () => { cluster = await start(); });
    after(() => cluster?.stop());
    body({
      name: 'postgresql',
      fresh: () => {
        databases += 1;
        return cluster.database(`test_${databases}`);
      },
    });
  });
}
