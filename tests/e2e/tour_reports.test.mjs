// Reports in their states: clean under axe in light and dark, in English and French, and narrow. With BELAY_PICTURES=1 the
// pictures of the guide are taken on the way; BELAY_PICTURES=<folder> takes them elsewhere, to be looked at first.
import { after, afterEach, before, describe, test } from 'node:test';
import { link } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, say } from './house.mjs';
import { kNarrow, narrow, tour } from './tour.mjs';

let house;
afterEach(() => house.rest());

describe('reports', () => {
  /** Two weeks at a desk: by day, who of the team, on which project, and what came of it: [agent, project, minutes until an agent came ('never': the customer came in vain), minutes of help, rating]. */
  const weeks = [
    [[0, 'HELP', 2, 18, 5], [1, 'HELP', 4, 9, 4], [0, 'PRESS', 1, 31]], [[0, 'HELP', 3, 12, 4], [1, 'HELP', 'never'], [1, 'HELP']], [[1, 'PRESS', 7, 44, 3]], [], [[0, 'HELP', 2, 6]],
    [[0, 'HELP', 1, 21, 5], [0, 'HELP', 5, 15], [1, 'HELP', 2, 8, 5], [1, 'PRESS']], [[1, 'HELP', 12, 26, 2], [0, 'HELP', 3], [1, 'HELP', 'never']], [[0, 'HELP', 4, 17, 4]], [[0, 'HELP'], [1, 'HELP', 6, 33, 4]], [],
    [[0, 'HELP', 2, 11, 5], [1, 'HELP', 3, 52, 4]], [[0, 'PRESS', 1, 14, 5], [1, 'HELP', 2, 19, 4], [0, 'HELP', 2, 7, 5]],
  ];
  let agents;
  let accounts;
  before(async () => {
    house = await House.open();
    agents = [await house.world.linkedAgent(0), await house.world.linkedAgent(1)];
    accounts = await Promise.all([0, 1].map((n) => house.world.teamviewerAccount(n)));
    await house.world.sandbox.change({ teamviewer: { accounts: accounts.map((id) => ({ id, licence: { concurrentSessions: 100 } })) } });
    for (const [n, account] of accounts.entries()) await link(agents[n], { account, access: 'reports' });
  });
  after(() => house.close());

  const look = async (who, id) => (await who.expect(200, 'GET', `/v1/sessions/${id}`)).session;
  const when = (who, id, what, wanted) => until(what, async () => {
    const session = await look(who, id);
    return wanted(session) ? session : undefined;
  });
  let customers = 0;
  async function oneOf([n, project, waits, helps, rating]) {
    const who = agents[n].with({ issue: `${project}-${n + 1}` });
    const name = `Customer ${customers += 1}`;
    const { session: { id } } = await who.expect(202, 'POST', '/v1/sessions', { customer: { name }, invitation: 'none' });
    const { code } = await when(who, id, 'the session is made', ({ state }) => state === 'open');
    return { who, id, code, waits, helps, rating, account: accounts[n] };
  }
  async function day(plan) {
    const { clock, sandbox } = house.world;
    const sessions = [];
    for (const one of plan) sessions.push(await oneOf(one));
    const joined = sessions.filter(({ waits }) => waits);
    await sandbox.change({ teamviewer: { sessions: joined.map(({ code }) => ({ code, online: true })) } });
    // An account on which nothing happens is asked less often, up to every five minutes (docs/sessions.md).
    for (const { who, id } of joined) {
      await until('the customer is there', async () => {
        if ((await look(who, id)).state === 'customer_present') return true;
        clock.advance({ seconds: 10 });
        return false;
      }, { every: 200 });
    }
    let past = 0;
    for (const { who, id, waits } of joined.filter((one) => one.waits !== 'never').toSorted((a, b) => a.waits - b.waits)) {
      clock.advance({ minutes: waits - past });
      past = waits;
      await who.expect(200, 'POST', `/v1/sessions/${id}/connect`, { client: 'app' });
    }
    clock.advance({ minutes: 60 });
    for (const { who, id } of sessions) await who.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
    for (const { who, id } of sessions) await when(who, id, 'closed at the provider', ({ steps }) => steps.closing === 'done');
    const records = joined.filter(({ helps }) => helps).map(({ code, helps, rating, account }) => ({ session: code, startedSecondsAgo: 3_500, seconds: helps * 60, account, ...(rating && { rating }) }));
    if (records.length > 0) await sandbox.change({ teamviewer: { records } });
    clock.advance({ seconds: 121 });
    for (const { who, id } of joined.filter(({ helps }) => helps)) await when(who, id, 'the result is there', ({ state }) => state === 'reported');
    clock.advance({ hours: 22 });
  }

  test('figures of two weeks, as a table, and none', async () => {
    for (const plan of weeks) await day(plan);
    const { seed } = house.world;
    const shown = async (frame, language) => {
      await frame.getByRole('tab', { name: say(language, 'admin.tab.reports'), exact: true }).click();
      await frame.getByRole('heading', { name: say(language, 'reports.by_project'), exact: true }).waitFor();
    };
    const table = async (frame, language) => {
      await frame.getByRole('figure', { name: say(language, 'reports.chart.waiting') }).getByText(say(language, 'reports.as_table'), { exact: true }).click();
      await frame.getByRole('columnheader', { name: say(language, 'reports.mean'), exact: true }).first().waitFor();
    };
    const wrong = async (frame, language) => {
      const panel = frame.getByRole('tabpanel', { name: say(language, 'admin.tab.reports'), exact: true });
      await panel.getByLabel(say(language, 'audit.when'), { exact: true }).selectOption({ label: say(language, 'reports.when.days') });
      await panel.getByRole('button', { name: say(language, 'reports.show') }).click();
      await panel.getByText(say(language, 'reports.from_missing')).waitFor();
    };
    const none = async (frame, language) => {
      const panel = frame.getByRole('tabpanel', { name: say(language, 'admin.tab.reports'), exact: true });
      await panel.getByLabel(say(language, 'audit.from_day'), { exact: true }).fill('2026-03-01');
      await panel.getByLabel(say(language, 'audit.to_day'), { exact: true }).fill('2026-03-02');
      await panel.getByRole('button', { name: say(language, 'reports.show') }).click();
      await panel.getByText(say(language, 'reports.none')).first().waitFor();
    };
    const states = [
      { what: 'admin reports', prepare: shown, pictures: { 'en-light': 'admin-reports', 'en-dark': 'admin-reports-dark', 'fr-dark': 'admin-reports-fr-dark' } },
      { what: 'admin reports, a table', prepare: table, pictures: { 'en-light': 'admin-reports-table' } },
      { what: 'admin reports, a wrong time', prepare: wrong, pictures: { 'en-light': 'admin-reports-wrong' } },
      { what: 'admin reports, none', prepare: none, pictures: { 'en-light': 'admin-reports-none' } },
    ];
    await tour(house, seed.admin, house.adminPage, states, { scale: 1, height: 3200 });
    await tour(house, seed.admin, house.adminPage, narrow(states), { ...kNarrow, height: 4800 });
  });
});
