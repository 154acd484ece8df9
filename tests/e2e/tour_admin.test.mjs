// The admin, project and personal pages in their states: clean under axe in light and dark, in English and French, and narrow. With BELAY_PICTURES=1 the
// pictures of the guide are taken on the way; BELAY_PICTURES=<folder> takes them elsewhere, to be looked at first.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { consent } from '../harness/linking.mjs';
import { until } from '../harness/wait.mjs';
import { House, say } from './house.mjs';
import { kNarrow, narrow, tour } from './tour.mjs';

let house;
afterEach(() => house.rest());

describe('the admin and personal pages', () => {
  before(async () => {
    house = await House.open();
    await house.world.linkedAgent(0);
    await house.world.linkedAgent(1);
  });
  after(() => house.close());

  test('every tab of the admin page', async () => {
    const away = await house.world.linkedAgent(2);
    await house.world.sandbox.change({ teamviewer: { accounts: [{ id: await house.world.teamviewerAccount(2), revokeTokens: true }] } });
    const { session } = await away.expect(202, 'POST', '/v1/sessions', { invitation: 'none' });
    await until('the account does not count any more', async () => (await away.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.state === 'failed');
    const open = (frame, language, key) => frame.getByRole('tab', { name: say(language, `admin.tab.${key}`), exact: true }).click();
    const setUp = (frame, language) => frame.getByText(say(language, 'health.storage.ok')).waitFor();
    const text = async (frame, language) => {
      await open(frame, language, 'customer_text');
      await frame.getByRole('region', { name: say(language, 'text.preview') }).locator('.adf-link').first().waitFor();
    };
    const broken = async (frame) => {
      await frame.locator('textarea.editor-text').fill('Hello {{customer.name}},\n\njoin here: {{session.link}}\n\n{{session.pasword}} and {{agent.name');
      await frame.locator('.editor-marks mark').first().waitFor();
    };
    const sessions = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'admin.discard') }).click();
      await open(frame, language, 'sessions');
      await frame.getByLabel(say(language, 'sessions.group', { provider: 'TeamViewer' })).fill('Help desk');
    };
    const people = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'admin.discard') }).click();
      await open(frame, language, 'people');
      await frame.getByRole('button', { name: say(language, 'people.unlink_of', { name: house.world.seed.agents[1].name }) }).click();
      await frame.getByText(say(language, 'people.link_expired'), { exact: true }).waitFor();
    };
    const states = [
      { what: 'admin set-up', prepare: setUp, pictures: { 'en-light': 'admin-set-up', 'fr-dark': 'admin-set-up-fr-dark' } },
      { what: 'admin text', prepare: text, pictures: { 'en-light': 'admin-customer-text', 'en-dark': 'admin-customer-text-dark' } },
      { what: 'admin text, broken', prepare: broken, pictures: { 'en-light': 'admin-customer-text-broken' } },
      { what: 'admin sessions', prepare: sessions, pictures: { 'en-light': 'admin-sessions' } },
      { what: 'admin people', prepare: people, pictures: { 'en-light': 'admin-people', 'fr-dark': 'admin-people-fr-dark' } },
    ];
    await tour(house, house.world.seed.admin, house.adminPage, states, { scale: 1 });
    await tour(house, house.world.seed.admin, house.adminPage, narrow(states), kNarrow);
  });

  test('the admin page when something is asked, in the way, or wrong', async () => {
    const unpairing = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'setup.unpair') }).click();
      await frame.getByText(say(language, 'setup.unpair_question')).waitFor();
    };
    await tour(house, house.world.seed.admin, house.adminPage, [{ what: 'admin unpairing', prepare: unpairing, pictures: { 'en-light': 'admin-unpair' } }]);
    let group = 0;
    const conflict = async (frame, language) => {
      await frame.getByRole('tab', { name: say(language, 'admin.tab.sessions'), exact: true }).click();
      await frame.getByLabel(say(language, 'sessions.validity')).selectOption('60');
      const { installation, health, defaults, ...values } = await house.world.admin.expect(200, 'GET', '/v1/settings');
      group += 1;
      await house.world.admin.expect(200, 'PUT', '/v1/settings', { ...values, teamviewerGroup: `Desk ${group}` });
      await frame.getByRole('button', { name: say(language, 'admin.save') }).click();
      await frame.getByRole('button', { name: say(language, 'admin.load_theirs') }).waitFor();
    };
    await tour(house, house.world.seed.admin, house.adminPage, [{ what: 'admin in conflict', prepare: conflict, pictures: { 'en-light': 'admin-conflict' } }]);
    await house.world.sandbox.faults(['jira', 'teamviewer'].map((party) => ({ match: { party, path: party === 'jira' ? '**/user' : '**' }, answer: { status: 503, body: {} } })));
    house.world.clock.advance({ hours: 1 });   // what is known of the provider is kept for a while
    const red = (frame, language) => frame.getByText(say(language, 'health.provider.bad', { provider: 'TeamViewer' })).waitFor();
    await tour(house, house.world.seed.admin, house.adminPage, [{ what: 'admin with red health', prepare: red, pictures: { 'en-light': 'admin-health-red', 'fr-dark': 'admin-health-red-fr-dark' } }]);
    await house.world.sandbox.faults([]);
  });

  test('the form of the action for rules', async () => {
    const shown = (frame, language) => frame.getByLabel(say(language, 'automation.issue'), { exact: true }).waitFor();
    const states = [{ what: 'action of a rule', prepare: shown, pictures: { 'en-light': 'automation-action', 'en-dark': 'automation-action-dark' } }];
    await tour(house, house.world.seed.admin, '/jira/settings/automation', states, { scale: 1 });
    await tour(house, house.world.seed.admin, '/jira/settings/automation', narrow(states), kNarrow);
  });

  test('the settings of a project, and a panel where remote support is switched off', async () => {
    const { projectAdmin, project, agents, issue } = house.world.seed;
    const keeper = house.world.projectAdmin();
    const path = `/v1/settings?project=${project.key}`;
    const keep = async (change) => {
      const { project: _p, site: _s, ...now } = await keeper.expect(200, 'GET', path);
      await keeper.expect(200, 'PUT', path, { ...now, ...change });
    };
    const shown = (frame) => frame.locator('.adf-link').first().waitFor();
    await tour(house, projectAdmin, house.projectPage(), [{ what: 'project settings', prepare: shown, pictures: { 'en-light': 'project-settings', 'en-dark': 'project-settings-dark' } }], { scale: 1 });
    const own = async (frame, language) => {
      await frame.getByLabel(say(language, 'project.enabled')).uncheck();
      await frame.getByLabel(say(language, 'people.allowed_groups')).fill('support-team');
      await frame.getByLabel(say(language, 'project.text.own')).check();
      await frame.locator('textarea.editor-text').waitFor();
      await shown(frame);
    };
    const states = [{ what: 'project settings, changed', prepare: own, pictures: { 'en-light': 'project-settings-text' } }];
    await tour(house, projectAdmin, house.projectPage(), states, { scale: 1 });
    await tour(house, projectAdmin, house.projectPage(), narrow(states), kNarrow);

    await keep({ enabled: false });
    const off = (frame, language) => frame.getByText(say(language, 'panel.project_off'), { exact: true }).waitFor();
    await tour(house, agents[0], `/browse/${issue.key}`, [{ what: 'panel, switched off', prepare: off, pictures: { 'en-light': 'panel-project-off' } }]);
    await keep({ enabled: true });
  });

  test('the audit log, and what was set aside', async () => {
    const { admin, sandbox, seed } = house.world;
    const agent = house.world.agent(0);
    const { session } = await agent.expect(202, 'POST', '/v1/sessions', { customer: { id: seed.issue.reporter }, invitation: 'public' });
    await until('the invitation is written', async () => (await agent.expect(200, 'GET', `/v1/sessions/${session.id}`)).session.steps.invitation === 'done');
    await sandbox.faults([{ match: { party: 'teamviewer', method: 'PUT', path: '**/sessions/*' }, answer: { status: 400, body: { error: 'invalid_request', error_description: 'not now', error_code: 1 } } }]);
    await agent.expect(202, 'POST', `/v1/sessions/${session.id}/close`, {});
    await until('the closing is set aside', async () => (await admin.expect(200, 'GET', '/v1/work')).work.length === 1);
    await sandbox.faults([]);

    const setAside = (frame, language) => frame.getByRole('button', { name: say(language, 'work.retry_of', { what: say(language, 'work.kind.session.close', { provider: 'TeamViewer' }) }) }).waitFor();
    const audit = async (frame, language) => {
      await frame.getByRole('tab', { name: say(language, 'admin.tab.audit'), exact: true }).click();
      await frame.getByRole('row').nth(1).waitFor();
    };
    const none = async (frame, language) => {
      await frame.getByLabel(say(language, 'audit.about'), { exact: true }).fill('HELP-999');
      await frame.getByLabel(say(language, 'audit.when'), { exact: true }).selectOption({ label: say(language, 'audit.when.days') });
      await frame.getByLabel(say(language, 'audit.from_day'), { exact: true }).fill('2026-03-01');
      await frame.getByRole('button', { name: say(language, 'audit.show') }).click();
      await frame.getByText(say(language, 'audit.none_found')).first().waitFor();
    };
    const states = [
      { what: 'admin with work set aside', prepare: setAside, pictures: { 'en-light': 'admin-set-aside', 'fr-dark': 'admin-set-aside-fr-dark' } },
      { what: 'admin audit', prepare: audit, pictures: { 'en-light': 'admin-audit', 'en-dark': 'admin-audit-dark', 'fr-dark': 'admin-audit-fr-dark' } },
      { what: 'admin audit, nothing found', prepare: none, pictures: { 'en-light': 'admin-audit-none' } },
    ];
    await tour(house, seed.admin, house.adminPage, states, { scale: 1 });
    await tour(house, seed.admin, house.adminPage, narrow(states), kNarrow);
  });

  test('how long data is kept, and the data of one person', async () => {
    const { admin, seed, clock, folder } = house.world;
    const [{ accountId, name }] = seed.agents;
    await house.world.sandbox.event({ event: 'hourly' });
    await until('Atlassian is told', async () => {
      clock.advance({ seconds: 2 });
      return (await admin.expect(200, 'GET', '/v1/accounts')).reportedAt;
    });
    // How far a long erase is, without its rows.
    const sql = (text) => execFileSync('sqlite3', ['-bail', '-cmd', '.timeout 20000', join(folder, 'belay.db'), text]);
    const erasing = (subject) => sql(`insert into erasure (installation_id, subject, days, began_at, to_erase, sessions, entries, others) select id, '${subject}', 30, paired_at, 61240, 812, 24100, 0 from installation`);
    const atRest = () => sql('delete from erasure');

    const data = async (frame, language) => {
      await frame.getByRole('tab', { name: say(language, 'admin.tab.data'), exact: true }).click();
      await frame.getByText(say(language, 'data.retention_oldest', { time: '' }).slice(0, 20)).first().waitFor();
      await frame.getByRole('heading', { name: say(language, 'data.reported') }).waitFor();
    };
    const wrong = async (frame, language) => {
      await frame.getByLabel(say(language, 'data.retention.days')).check();
      await frame.getByLabel(say(language, 'data.retention_days'), { exact: true }).fill('-1');
      await frame.getByRole('button', { name: say(language, 'data.retention_change') }).click();
      await frame.locator('.field-problem').first().waitFor();
    };
    const question = async (frame, language) => {
      await frame.getByLabel(say(language, 'data.retention_days'), { exact: true }).fill('1');
      await house.world.sandbox.change({ clock: { forwardMs: 3 * 86_400_000 } });
      await frame.getByRole('button', { name: say(language, 'data.retention_change') }).click();
      await frame.getByRole('button', { name: say(language, 'data.retention_erase') }).waitFor();
    };
    const states = [
      { what: 'admin data', prepare: data, pictures: { 'en-light': 'admin-data', 'en-dark': 'admin-data-dark', 'fr-dark': 'admin-data-fr-dark' } },
      { what: 'admin data, wrong days', prepare: wrong },
      { what: 'admin data, the question', prepare: question, pictures: { 'en-light': 'admin-data-question' } },
    ];
    await tour(house, seed.admin, house.adminPage, states, { scale: 1 });
    await tour(house, seed.admin, house.adminPage, narrow(states.slice(0, 1)), kNarrow);

    erasing('');
    const running = async (frame, language) => {
      await frame.getByRole('tab', { name: say(language, 'admin.tab.data'), exact: true }).click();
      await frame.getByRole('progressbar').waitFor();
    };
    await tour(house, seed.admin, house.adminPage, [{ what: 'admin data, a long erase', prepare: running, pictures: { 'en-light': 'admin-data-erasing' } }], { scale: 1 });
    atRest();

    const nobody = async (frame, language) => {
      await data(frame, language);
      await frame.getByLabel(say(language, 'data.account_id'), { exact: true }).fill('712020:nobody');
      await frame.getByRole('button', { name: say(language, 'data.account_look') }).click();
      await frame.getByText(say(language, 'data.account_nothing')).waitFor();
    };
    const one = async (frame, language) => {
      await frame.getByLabel(say(language, 'data.account_person'), { exact: true }).selectOption({ label: name });
      await frame.getByRole('button', { name: say(language, 'data.account_look') }).click();
      await frame.getByRole('button', { name: say(language, 'data.erase'), exact: true }).waitFor();
    };
    const eraseQuestion = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'data.erase'), exact: true }).click();
      await frame.locator('.confirm').waitFor();
    };
    const person = [
      { what: 'admin data, nobody', prepare: nobody, pictures: { 'en-light': 'admin-data-nobody' } },
      { what: 'admin data of one account', prepare: one, pictures: { 'en-light': 'admin-data-account' } },
      { what: 'admin data of one account, the question', prepare: eraseQuestion, pictures: { 'en-light': 'admin-data-account-question', 'fr-dark': 'admin-data-account-question-fr-dark' } },
    ];
    await tour(house, seed.admin, house.adminPage, person, { scale: 1, height: 1700 });
    await tour(house, seed.admin, house.adminPage, narrow(person), { ...kNarrow, height: 1900 });

    erasing(accountId);
    const beingErased = async (frame, language) => {
      await data(frame, language);
      await frame.getByLabel(say(language, 'data.account_person'), { exact: true }).selectOption({ label: name });
      await frame.getByRole('button', { name: say(language, 'data.account_look') }).click();
      await frame.getByRole('progressbar').waitFor();
    };
    await tour(house, seed.admin, house.adminPage, [{ what: 'admin data of one account, being erased', prepare: beingErased, pictures: { 'en-light': 'admin-data-account-erasing' } }], { scale: 1, height: 1700 });
    atRest();
  });

  test('personal page: not linked, denied, both identities, linked, disconnecting', async () => {
    const { agents } = house.world.seed;
    const there = house.personalPage;
    const small = { width: 900, height: 900, scale: 1 };
    const shows = (key) => (frame, language) => frame.getByRole('button', { name: say(language, key), exact: true }).waitFor();
    await tour(house, agents[2], there, [{ what: 'account not linked', prepare: shows('account.connect'), pictures: { 'en-light': 'account-not-linked', 'fr-dark': 'account-not-linked-fr-dark' } }], small);
    await tour(house, agents[2], `${there}/problem/consent_denied`, [{ what: 'account denied', prepare: (frame) => frame.getByRole('alert').waitFor(), pictures: { 'en-light': 'account-denied' } }], small);
    const { token } = await consent(house.world.caller({ account: agents[2].accountId, page: 'account' }), { account: await house.world.teamviewerAccount(2) });
    await tour(house, agents[2], `${there}/finish/${token}`, [{ what: 'account finish', prepare: shows('account.finish'), pictures: { 'en-light': 'account-finish', 'fr-dark': 'account-finish-fr-dark' } }], small);
    const disconnecting = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'account.disconnect') }).click();
      await shows('account.disconnect_cancel')(frame, language);
    };
    const states = [
      { what: 'account linked', prepare: shows('account.disconnect'), pictures: { 'en-light': 'account-linked' } },
      { what: 'account disconnecting', prepare: disconnecting, pictures: { 'en-light': 'account-disconnect', 'fr-dark': 'account-disconnect-fr-dark' } },
    ];
    await tour(house, agents[0], there, states, small);
    await tour(house, agents[0], there, narrow(states), kNarrow);
  });

  test('personal page: results offered, refused, to be looked at, allowed, taken back', async () => {
    const { agents } = house.world.seed;
    const there = house.personalPage;
    const small = { width: 900, height: 1100, scale: 1 };
    const shows = (key) => (frame, language) => frame.getByRole('button', { name: say(language, key), exact: true }).waitFor();
    const offered = [{ what: 'results offered', prepare: shows('reports_access.allow'), pictures: { 'en-light': 'account-reports', 'en-dark': 'account-reports-dark' } }];
    await tour(house, agents[0], there, offered, small);
    await tour(house, agents[0], there, narrow(offered), kNarrow);
    await tour(house, agents[0], `${there}/problem/reports_need_licence`, [{ what: 'results refused', prepare: (frame) => frame.getByRole('alert').waitFor(), pictures: { 'en-light': 'account-reports-refused' } }], small);
    const account = await house.world.teamviewerAccount(0);
    const caller = house.world.caller({ account: agents[0].accountId, page: 'account' });
    const { token } = await consent(caller, { account, access: 'reports' });
    await tour(house, agents[0], `${there}/finish/${token}`, [{ what: 'results to be looked at', prepare: shows('reports_access.finish'), pictures: { 'en-light': 'account-reports-finish' } }], small);
    await caller.expect(200, 'POST', '/v1/account/finish', { token });
    const takingBack = async (frame, language) => {
      await frame.getByRole('button', { name: say(language, 'reports_access.take_back') }).click();
      await shows('reports_access.keep')(frame, language);
    };
    await tour(house, agents[0], there, [
      { what: 'results allowed', prepare: shows('reports_access.take_back'), pictures: { 'en-light': 'account-reports-allowed' } },
      { what: 'results taken back', prepare: takingBack, pictures: { 'en-light': 'account-reports-take-back', 'fr-dark': 'account-reports-take-back-fr-dark' } },
    ], small);
  });
});
