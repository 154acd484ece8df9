// The same tests on every storage: `onEachStorage((storage) => { test(…, async () => World.open({ storage: await storage.fresh() })) })`. BELAY_STORAGE names one of them, for
// a second round that is not about storages.
import { after, before, describe } from 'node:test';
import { isInstalled, start } from '../postgres/cluster.mjs';

const { BELAY_STORAGE: only } = process.env;

export function onEachStorage(body) {
  if (only !== 'postgresql') describe('on SQLite', () => body({ name: 'sqlite', fresh: async () => 'sqlite' }));

  if (only !== 'sqlite') describe('on PostgreSQL', { skip: isInstalled() ? false : 'PostgreSQL is not installed' }, () => {
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
