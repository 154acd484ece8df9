// The odd world: addresses, names, contacts and moments that nobody planned for. Each shows something that a person understands, and nothing breaks.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { request } from '../harness/http.mjs';
import { root } from '../harness/program.mjs';
import { freshSeed, readSeed } from '../harness/seed.mjs';
import { until } from '../harness/wait.mjs';
import { World } from '../harness/world.mjs';

const key = 'HELP-1';
const modes = ['chat', 'call', 'control', 'present'];
const words = Object.fromEntries(['en', 'fr'].map((language) => [language, JSON.parse(readFileSync(join(root, `i18n/${language}.json`), 'utf8'))]));

const nfc = 'ren\u00e9';
const nfd = 'rene\u0301';
/** The cast: who they are at Jira, and what the agent's contact list says (`contact`: the address there; `account`: somebody stands behind it). */
const cast = {
  twin: { email: 'the.twins@example.com', contact: 'the.twins@example.com' },
  otherTwin: { email: 'the.twins@example.com' },
  shouting: { email: 'LOUD.Voice@EXAMPLE.Com', contact: 'loud.voice@example.com' },
  whispering: { email: 'soft.voice@example.com', contact: 'Soft.Voice@Example.COM' },
  decomposed: { email: `${nfd}.one@example.com`, contact: `${nfc}.one@example.com` },
  folded: { email: 'MAR\u00cdA.folded@example.com', contact: 'mar\u00eda.folded@example.com' },
  sharpS: { email: 'Stra\u00dfe@Example.com' },
  doubleS: { email: 'strasse@example.com', contact: 'strasse@example.com' },
  punycoded: { email: 'anna@b\u00fccher.example', contact: 'anna@xn--bcher-kva.example' },
  sameForm: { email: `${nfd}.same@example.com`, contact: `${nfd}.same@example.com` },
  sameFold: { email: 'GRO\u1e9eE.liebe@example.com', contact: 'GRO\u1e9eE.liebe@example.com' },
  sameCapital: { email: 'ZO\u00cb.same@example.com', contact: 'ZO\u00cb.same@example.com' },
  sameDomain: { email: 'bert@b\u00fccher.example', contact: 'bert@b\u00fccher.example' },
  sameHidden: { email: `${nfd}.hidden@example.net`, emailVisible: false, contact: `${nfd}.hidden@example.net` },
  tagged: { email: 'cora+jira@example.com', contact: 'cora@example.com' },
  dotted: { email: 'd.ora@example.com', contact: 'dora@example.com' },
  comma: { email: '"smith,dan"@example.com' },
  twoInOne: { email: 'eve@example.com,the.twins@example.com' },
  quoted: { email: '"odd@sign"@example.com' },
  noAddressAtAll: { email: 'not an address' },
  faceless: { email: 'faceless@example.com', contact: 'faceless@example.com', account: false },
  silentClient: { email: 'silent@example.com', contact: 'silent@example.com', features: '' },
  arabic: { name: '\u064a\u0627\u0633\u0645\u064a\u0646 \u0627\u0644\u062d\u062f\u0627\u062f', email: 'arabic@example.com', contact: 'arabic@example.com' },
  emoji: { name: '\u{1f469}\u{1f3fd}\u200d\u{1f680} Zo\u00eb \u{1f3f3}\ufe0f\u200d\u{1f308}', email: 'emoji@example.com', contact: 'emoji@example.com' },
  long: { name: '\u540d'.repeat(255), email: 'long@example.com', contact: 'long@example.com' },
  markup: { name: '<img src=x onerror="alert(1)">{{session.link}}</script>', email: 'markup@example.com', contact: 'markup@example.com' },
  hidden: { email: 'known.to.the.app.only@example.net', emailVisible: false },
  hiddenContact: { email: 'known.to.the.app.and.listed@example.net', emailVisible: false, contact: 'known.to.the.app.and.listed@example.net' },
  leaving: { email: 'leaving@example.com', contact: 'leaving@example.com' },
  stranger: { email: 'stranger@example.org' },
  departing: { email: 'departing@example.org' },
  nightWatch: { email: 'night.watch@example.com', contact: 'night.watch@example.com' },
};
/** Only they read what is said there. */
const nightShift = 'night-shift';
for (const [name, one] of Object.entries(cast)) Object.assign(one, { accountId: `712020:odd-${name}`, name: one.name ?? `Odd ${name}` });

function arrange(seed) {
  const [site] = seed.sites;
  const help = site.projects.find((project) => project.key === 'HELP');
  help.roles.Viewers = [];   // whoever only reads
  for (const { accountId, name, email, emailVisible = true } of Object.values(cast)) {
    site.people.push({ accountId, name, email, emailVisible, groups: ['staff'] });
    help.roles['Service Desk Customers'].push(accountId);
  }
  const issue = site.issues.find((one) => one.key === key);
  issue.participants = Object.values(cast).filter((one) => one !== cast.nightWatch).map(({ accountId }) => accountId);
  for (const { accountId, groups } of site.people) {
    if (accountId === readSeed().agents[0].accountId) groups.push(nightShift);
  }
  issue.comments.push({ by: cast.nightWatch.accountId, text: 'Not for the day shift', visibility: { type: 'group', value: nightShift } });
  const owner = 'tomas.ferreira@example.com';
  seed.teamviewer.contacts = [];
  for (const { name, contact, account = true, features } of Object.values(cast)) {
    if (!contact) continue;
    if (account) seed.teamviewer.accounts.push({ email: contact, name: name.slice(0, 200), presence: 'online', licence: { type: 'Free', paid: false }, ...(features === undefined ? {} : { features }) });
    seed.teamviewer.contacts.push({ owner, email: contact });
  }
}

/** Words in both languages for a refusal; and the answer has some of its own. */
function understood({ json }) {
  for (const language of ['en', 'fr']) assert.ok(words[language][`error.${json.code}`], `error.${json.code} has no words in ${language}`);
  assert.ok(json.message.length > 20 && !json.message.includes('{'), json.message);
}

describe('an issue of odd people', () => {
  let world;
  let agent;
  before(async () => {
    world = await World.open({ seed: freshSeed(arrange), configure: () => ({ log: { level: 'debug' } }) });
    agent = await world.linkedAgent(0, key);
  });
  after(() => world?.close());

  const path = (what, who) => `/v1/people/${encodeURIComponent(who.accountId)}/${what}`;
  const panel = (caller = agent) => caller.expect(200, 'GET', '/v1/panel');
  const shown = async (who, caller) => (await panel(caller)).people.find(({ id }) => id === who.accountId);
  const when = (what, wanted, who) => until(what, async () => {
    world.clock.advance({ seconds: 3 });
    const one = await shown(who);
    return one && wanted(one) ? one : undefined;
  });
  /** The panel stays open so long. */
  const stayOpen = async (minutes) => {
    for (let passed = 0; passed < minutes; passed += 2) {
      world.clock.advance({ minutes: 2 });
      await panel();
    }
  };
  const stands = (standing, who) => when(`${who.name} stands as ${standing}`, (one) => one.standing === standing, who);
  const launch = (who, mode = 'chat', caller = agent) => caller.call('POST', path('launch', who), { mode });
  const contactId = async (who) => {
    const { accounts, contacts } = (await world.sandbox.state()).teamviewer;
    const { id: owner } = accounts.find(({ email }) => email === 'tomas.ferreira@example.com');
    return contacts.find((one) => one.owner === owner && one.email === who.contact).id;
  };
  const fault = (match, answer, more = {}) => ({ match, answer: { status: 200, ...answer }, ...more });
  const asJson = (value) => ({ status: 200, headers: { 'Content-Type': 'application/json' }, text: JSON.stringify(value) });
  const leads = async (who) => assert.match((await launch(who)).json.url, new RegExp(`/contact/${await contactId(who)}/mode/chat$`));

  test('two Jira accounts with one address are both that contact', async () => {
    const [one, other] = [await stands('online', cast.twin), await shown(cast.otherTwin)];
    assert.deepEqual([other.standing, other.actions], [one.standing, one.actions]);
    const answers = [await launch(cast.twin), await launch(cast.otherTwin)];
    assert.equal(answers[0].json.url, answers[1].json.url);
  });

  test('one person in three roles stands once, with each role', async () => {
    const { reporter } = world.seed.issue;
    await world.sandbox.change({ jira: { issues: { [key]: { assignee: reporter } } } });
    const { people } = await until('they are the assignee too', async () => {
      world.clock.advance({ seconds: 61 });
      const seen = await panel();
      return seen.people[0].roles.includes('assignee') ? seen : undefined;
    });
    assert.equal(people.filter(({ id }) => id === reporter).length, 1);
    assert.deepEqual([people[0].id, ...people[0].roles].slice(0, 5), [reporter, 'reporter', 'customer', 'assignee', 'commenter']);
    assert.equal(new Set(people.map(({ id }) => id)).size, people.length);
  });

  for (const [what, who] of [['case, at Jira', 'shouting'], ['case, at TeamViewer', 'whispering'], ['Unicode form', 'decomposed'], ['folding', 'folded'], ['the form of the domain (IDNA)', 'punycoded']]) {
    test(`an address that differs in ${what} is the same`, async () => {
      await stands('online', cast[who]);
      await leads(cast[who]);
    });
  }

  // The sandbox's TeamViewer compares bytes, but for ASCII case.
  for (const [what, who] of [['Unicode form', 'sameForm'], ['letter that folds', 'sameFold'], ['capital', 'sameCapital'], ['Unicode domain', 'sameDomain'], ['form that only the app is told', 'sameHidden']]) {
    test(`an address with the same ${what} on both sides is found, although it is not the normal one`, async () => {
      await stands('online', cast[who]);
      await leads(cast[who]);
    });
  }

  test('"\u00df" is not "ss": somebody else\'s mailbox is neither found nor invited, and the invitation goes out as the profile shows the address', async () => {
    await stands('online', cast.doubleS);
    assert.equal((await stands('not_contact', cast.sharpS)).matchedBy, 'profile_address');
    await agent.expect(202, 'POST', path('contact', cast.sharpS), {});
    await when('the invitation is sent', ({ invitation }) => invitation?.state === 'sent', cast.sharpS);
    assert.deepEqual((await world.sandbox.journal({ kind: 'invitation.sent' })).map(({ more }) => more.email), [cast.sharpS.email]);
    await stands('invited', cast.sharpS);
  });

  test('"+tags" and dots are significant', async () => {
    for (const who of [cast.tagged, cast.dotted]) assert.equal((await shown(who)).standing, 'not_contact', who.email);
  });

  test('an address with a comma, or none at all, belongs to nobody: said so, and asked of nobody', async () => {
    for (const who of [cast.comma, cast.twoInOne, cast.noAddressAtAll]) {
      const one = await shown(who);
      assert.deepEqual([one.standing, one.actions], ['address_not_shared', ['map', 'create_session']], who.email);
      const refused = await agent.call('POST', path('contact', who), {});
      assert.deepEqual([one.addressProblem, refused.json.code], ['malformed', 'address_not_usable']);
      understood(refused);
    }
    const asked = (await world.sandbox.requests()).filter(({ path: at, query = '' }) => `${at}?${query}`.includes('contacts')).map((line) => decodeURIComponent(JSON.stringify(line)));
    assert.ok(asked.length > 0);
    for (const line of asked) for (const part of ['smith', 'eve@', 'not an address', 'not+an+address']) assert.ok(!line.includes(part), line);
  });

  test('an address that TeamViewer takes for none is found out and left alone; nobody else\'s standing is lost by it', async () => {
    const refusals = async () => (await world.sandbox.requests()).filter(({ party, path: at, status }) => party === 'teamviewer' && at.endsWith('/contacts') && status === 400).length;
    const one = await when('it was found out', ({ addressProblem }) => addressProblem === 'refused', cast.quoted);
    assert.deepEqual([one.standing, one.actions], ['address_not_shared', ['map', 'create_session']]);
    const refused = await agent.call('POST', path('contact', cast.quoted), {});
    assert.deepEqual([refused.status, refused.json.code], [409, 'address_not_usable']);
    understood(refused);
    const before = await refusals();
    for (let looks = 0; looks < 20; looks += 1) {
      world.clock.advance({ seconds: 8 });
      const { people, missing } = await panel();
      assert.deepEqual([people.filter(({ standing }) => standing === 'unknown'), missing], [[], []]);
    }
    assert.ok(before > 0 && before < 10, `${before}`);
    assert.equal(await refusals(), before);
  });

  test('a contact behind whom nobody stands yet is offline; a client that does not say what it can is offered everything', async () => {
    assert.equal((await shown(cast.faceless)).standing, 'offline');
    const refused = await launch(cast.faceless);
    assert.deepEqual([refused.json.code, refused.json.detail.standing], ['not_reachable', 'offline']);
    understood(refused);
    const one = await shown(cast.silentClient);
    assert.deepEqual([one.standing, one.actions, one.disabled], ['online', [...modes, 'create_session'], []]);
  });

  test('a contact without a user id, features and picture, in TeamViewer\'s barest words, can be reached', async () => {
    const bare = { contacts: [{ contact_id: await contactId(cast.leaving), name: '', groupid: 'g1', online_state: 'online', email: 'LEAVING@EXAMPLE.COM' }] };
    await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'GET', path: '**/contacts' }, answer: asJson(bare) }, { match: { party: 'teamviewer', method: 'GET', path: '**/contacts/*' }, answer: asJson(bare) }]);
    const one = await stands('online', cast.leaving);
    assert.deepEqual(one.actions, [...modes, 'create_session']);
    assert.equal((await launch(cast.leaving)).status, 200);
    await world.sandbox.faults([]);
  });

  test('pictures are asked for in one size: nowhere does "[size]" stand', async () => {
    const { contacts } = await agent.expect(200, 'GET', '/v1/contacts?search=Odd');
    assert.ok(contacts.length > 5);
    assert.ok(contacts.some(({ picture }) => /\/64$/.test(picture ?? '')));
    assert.ok(!JSON.stringify([contacts, await panel()]).includes('[size]'));
  });

  test('names right to left, of emoji, of 255 characters and of markup come through as they are', async () => {
    for (const who of [cast.arabic, cast.emoji, cast.long, cast.markup]) {
      const one = await stands('online', who);
      assert.equal(one.name, who.name);
      const { person: mapped } = await agent.expect(200, 'PUT', path('mapping', who), { contact: await contactId(who) });
      assert.equal(mapped.mapping.to, who.name.slice(0, 200));
      const { contacts } = await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent([...who.name].slice(0, 4).join(''))}`);
      assert.ok(contacts.some(({ name }) => name === who.name.slice(0, 200)), who.name);
      await agent.expect(200, 'DELETE', path('mapping', who));
    }
  });

  test('a search of any text is a search, or refused in words', async () => {
    for (const text of ['%', '*', "' or 1=1 --", '\u202e', '<b>', '\u{1f469}', ',', '&email=the.twins@example.com', '\u{1f469}'.repeat(100)]) await agent.expect(200, 'GET', `/v1/contacts?search=${encodeURIComponent(text)}`);
    for (const text of ['', 'x'.repeat(101)]) {
      const refused = await agent.call('GET', `/v1/contacts?search=${text}`);
      assert.deepEqual([refused.status, refused.json.code], [400, 'invalid_field']);
      understood(refused);
    }
  });

  /** As a person in Jira; gives the comment. */
  const say = async (who, text, more = {}) => {
    const { userToken } = await world.sandbox.fit({ account: who.accountId, module: 'belay-panel', issue: key });
    const { jira_api: api, cloud_id: cloud } = world.sandbox.addresses;
    const body = { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
    const written = await request(`${api}/ex/jira/${cloud}/rest/api/3/issue/${key}/comment`, { method: 'POST', headers: { authorization: `Bearer ${userToken}` }, body: { body, ...more } });
    assert.equal(written.status, 201, written.text);
    return written.json;
  };
  const spokeLast = (who) => until(`${who.name} comes after the assignee`, async () => {
    const { people } = await panel();
    return people.find(({ roles }) => !roles.includes('reporter') && !roles.includes('assignee'))?.id === who.accountId;
  });

  test('somebody who comments is on the panel, for one page of comments at most, and the next time for none', async () => {
    const [speaker, other] = ['Ingrid S\u00f8rensen', 'Aoife O\'Sullivan'].map((wanted) => world.seed.people.find(({ name }) => name === wanted));
    assert.equal(await shown(speaker), undefined);
    const read = async (from) => (await world.sandbox.requests()).slice(from).filter(({ method, path: at }) => method === 'GET' && /\/comment$/.test(at)).length;
    let before = (await world.sandbox.requests()).length;
    await say(speaker, 'I am here too');
    await spokeLast(speaker);
    assert.equal(await read(before), 1);
    await say(other, 'So am I');
    await spokeLast(other);
    before = (await world.sandbox.requests()).length;
    await say(speaker, 'And still am');
    await spokeLast(speaker);
    assert.equal(await read(before), 0);
  });

  test('whoever spoke to one group alone is on the list of its members, and for everybody else not on the issue', async () => {
    const day = await world.linkedAgent(1, key);
    for (let times = 0; times < 3; times += 1) {
      assert.ok(await shown(cast.nightWatch), 'the agent is one of the group');
      // An account that is looked at for the first time: the calls of a minute may not suffice for everybody at once.
      const { people } = await until('everybody is known', async () => {
        const seen = await panel(day);
        world.clock.advance({ seconds: 3 });
        if (seen.missing.length === 0) return seen;
        // Nor is the address waited for that TeamViewer refuses.
        for (const { what, why } of seen.missing) assert.ok(what === 'presence' && ['provider_rate_limited', 'not_answered_yet'].includes(why), `${what} ${why}`);
        return undefined;
      });
      assert.ok(people.length > 10);
      assert.equal(people.find(({ id }) => id === cast.nightWatch.accountId), undefined);
      world.clock.advance({ minutes: 4 });
    }
    await stands('online', cast.nightWatch);
    assert.equal((await launch(cast.nightWatch)).status, 200);
    const refused = await launch(cast.nightWatch, 'chat', day);
    assert.deepEqual([refused.status, refused.json.code], [404, 'not_found']);
  });

  describe('an address that only the app is given', () => {
    test('finds a contact, and is never shown, never added, never logged, never measured, never written on the issue, never kept', async () => {
      const { installation: _i, health: _h, defaults: _d, ...settings } = await world.admin.expect(200, 'GET', '/v1/settings');
      await world.admin.expect(200, 'PUT', '/v1/settings', { ...settings, countOnIssue: true });
      const contact = await stands('online', cast.hiddenContact);
      assert.equal(contact.matchedBy, 'jira_address');
      assert.match((await launch(cast.hiddenContact)).json.url, new RegExp(`/contact/${await contactId(cast.hiddenContact)}/mode/chat$`));
      const one = await shown(cast.hidden);
      assert.deepEqual([one.standing, one.matchedBy, one.disabled], ['not_contact', 'jira_address', [{ action: 'add', reason: 'address_of_app' }]]);
      const refused = await agent.call('POST', path('contact', cast.hidden), {});
      assert.deepEqual([refused.status, refused.json.code], [409, 'address_of_app']);
      understood(refused);

      const property = await until('the counts are on the issue', async () => (await world.sandbox.requests()).findLast(({ method, path: at }) => method === 'PUT' && at.endsWith('/properties/belay'))?.body);
      // TeamViewer's own words may repeat what it was asked for.
      const repeated = [cast.hidden, cast.hiddenContact].map(({ email }) => email).join(',');
      await world.sandbox.faults([fault({ party: 'teamviewer', method: 'GET', path: '**/contacts' }, { status: 400, body: { error: 'invalid_request', error_description: `No such contact: ${repeated}` } }, { times: 1 })]);
      world.clock.advance({ seconds: 30 });
      await panel();
      await world.sandbox.faults([]);
      await stands('online', cast.hiddenContact);

      const { contacts } = await agent.expect(200, 'GET', '/v1/contacts?search=Odd');
      const metrics = await world.belayd.metrics();
      assert.match(metrics, /^# TYPE belay_/m);
      const answers = JSON.stringify([await panel(), contacts, refused.json]);
      const written = world.belayd.program.written();
      assert.ok(written.includes('teamviewer.list_contacts'), 'the log is not at level debug');
      const database = readdirSync(world.folder).filter((file) => file.startsWith('belay.db')).map((file) => readFileSync(join(world.folder, file), 'latin1')).join('');
      for (const { email } of [cast.hidden, cast.hiddenContact, cast.sameHidden]) {
        for (const text of [email, encodeURIComponent(email)]) {
          assert.ok(!answers.includes(text), 'in an answer');
          assert.ok(!written.includes(text), 'in the log');
          assert.ok(!database.includes(text), 'in the database');
          assert.ok(!metrics.includes(text), 'in the metrics');
          assert.ok(!property.includes(text), 'on the issue');
        }
      }
      const lines = (await world.sandbox.requests()).filter(({ method, body = '' }) => method !== 'GET' && [cast.hidden, cast.hiddenContact, cast.sameHidden].some(({ email }) => JSON.stringify(body).includes(email)));
      assert.deepEqual(lines, [], 'it was sent in something other than a look');
    });

    test('not even when it was shown a moment ago', async () => {
      const jira = (emailVisible) => world.sandbox.change({ jira: { people: { [cast.hidden.accountId]: { emailVisible } } } });
      await jira(true);
      await when('Add is offered', ({ actions }) => actions.includes('add'), cast.hidden);
      await jira(false);
      world.clock.advance({ seconds: 10 });
      const refused = await agent.call('POST', path('contact', cast.hidden), {});
      assert.ok(['address_of_app', 'address_not_shared'].includes(refused.json.code), refused.text);   // by what was read last
      assert.ok(!(await world.sandbox.journal({ kind: 'invitation.sent' })).some(({ more }) => more.email === cast.hidden.email));
    });

    test('a site that did not grant it (403), in Atlassian\'s other words (400, 401) or switched off (503): what profiles show has to do', async () => {
      for (const status of [403, 401, 400, 503]) {
        await world.sandbox.faults([fault({ party: 'jira', method: 'GET', path: '**/user/email/bulk' }, { status, body: { code: status, message: 'Unauthorized; scope does not match' } })]);
        await stayOpen(12);
        const one = await stands('address_not_shared', cast.hiddenContact);
        assert.deepEqual([one.actions, one.matchedBy], [['map', 'create_session'], undefined]);
        const { people, missing } = await panel();
        assert.equal(people.find(({ id }) => id === cast.twin.accountId).standing, 'online');
        // A refusal does not pass, and profiles say the same the next day; what passes is told.
        assert.deepEqual(missing, status === 503 ? [{ what: 'addresses', why: 'jira_unreachable' }] : [], `${status}`);
        await world.sandbox.faults([]);
        await stayOpen(12);
        await stands('online', cast.hiddenContact);
      }
    });

    test('null instead of an address is none', async () => {
      await world.sandbox.faults([{ match: { party: 'jira', method: 'GET', path: '**/user/email/bulk' }, answer: asJson([{ accountId: cast.hiddenContact.accountId, email: null }, { accountId: cast.hidden.accountId }]) }]);
      await stayOpen(12);
      await stands('address_not_shared', cast.hiddenContact);
      await world.sandbox.faults([]);
      await stayOpen(12);
      await stands('online', cast.hiddenContact);
    });
  });

  test('a deleted user is a former user with whom nothing can be done; everybody else stands where they stood', async () => {
    const all = await panel();
    await world.sandbox.change({ jira: { people: { [cast.departing.accountId]: { deleted: true } } } });
    const gone = await when('they are gone', ({ former }) => former, cast.departing);
    assert.deepEqual([gone.standing, gone.name, gone.actions, gone.disabled], ['inactive', words.en['person.former_user'], [], []]);
    assert.ok(!JSON.stringify(gone).includes(cast.departing.email) && !JSON.stringify(gone).includes(cast.departing.name));
    assert.equal((await panel()).people.length, all.people.length);
    for (const call of [['contact', {}], ['launch', { mode: 'chat' }]]) {
      const refused = await agent.call('POST', path(call[0], cast.departing), call[1]);
      assert.deepEqual([refused.status, refused.json.code], [404, 'not_found']);
      understood(refused);
    }
    const customer = await agent.call('POST', '/v1/sessions', { customer: { id: cast.departing.accountId }, invitation: 'none' });
    assert.deepEqual([customer.status, customer.json.code, customer.json.detail.field], [400, 'invalid_field', 'customer.id']);
    await stands('not_contact', cast.stranger);
    assert.equal((await panel()).people.length, all.people.length);
  });

  test('a contact who is deleted between the panel and the launch: said so, and the panel knows', async () => {
    await stands('online', cast.leaving);
    const id = await contactId(cast.leaving);
    await world.sandbox.change({ teamviewer: { contacts: [{ id, deleted: true }] } });
    const refused = await launch(cast.leaving);
    assert.deepEqual([refused.status, refused.json.code], [409, 'contact_gone']);
    understood(refused);
    const again = await launch(cast.leaving);
    assert.equal(again.json.code, 'contact_gone', 'whoever noticed it first');
    understood(again);
    assert.equal((await stands('not_contact', cast.leaving)).actions[0], 'add');
    await world.sandbox.change({ teamviewer: { contacts: [{ id, owner: 'tomas.ferreira@example.com', email: cast.leaving.contact }] } });
    await stands('online', cast.leaving);
  });

  test('killed while the invitation goes out: one mail, whatever is tried afterwards', async () => {
    const sent = async () => (await world.sandbox.journal({ kind: 'invitation.sent' })).filter(({ more }) => more.email === cast.stranger.email).length;
    await stands('not_contact', cast.stranger);
    await world.sandbox.faults([{ match: { party: 'teamviewer', method: 'POST', path: '**/contacts' }, hold: 'after', times: 1 }]);
    await agent.expect(202, 'POST', path('contact', cast.stranger), {});
    await until('TeamViewer has sent it, and has not said so', async () => (await world.sandbox.faultState()).holding.length === 1);
    assert.equal(await sent(), 1);
    await world.belayd.kill();
    await world.sandbox.faults([]);
    await world.startBelayd();
    const one = await when('it is shown as sent', ({ invitation }) => invitation?.state === 'sent', cast.stranger);
    assert.equal(one.standing, 'invited');
    assert.equal(await sent(), 1);
  });

  test('an agent who disconnects in another tab: the open panel and every button say so', async () => {
    await stands('online', cast.twin);
    await agent.with({ page: 'account', issue: undefined }).expect(200, 'DELETE', '/v1/account');
    for (const call of [['POST', path('launch', cast.twin), { mode: 'chat' }], ['POST', path('contact', cast.stranger), {}], ['PUT', path('mapping', cast.twin), { address: 'a@b.example' }], ['DELETE', path('mapping', cast.twin)],
      ['GET', '/v1/contacts?search=a']]) {
      const refused = await agent.call(...call);
      assert.deepEqual([refused.status, refused.json.code, refused.json.detail.provider], [403, 'not_linked', 'TeamViewer'], call[1]);
      understood(refused);
    }
    const { viewer, people } = await panel();
    assert.equal(viewer.linked, false);
    for (const one of people) assert.ok(['not_linked', 'self', 'inactive'].includes(one.standing) && one.actions.length === 0, JSON.stringify(one));
    await until('the old connection is given back', async () => (await agent.with({ page: 'account', issue: undefined }).get('/v1/account')).json.linked === false && (await world.sandbox.journal({ kind: 'token.revoked' })).length > 0);
    agent = await until('connected anew', () => world.linkedAgent(0, key));
    await stands('online', cast.twin);
  });

  const calls = () => [['POST', path('launch', cast.twin), { mode: 'chat' }], ['POST', path('contact', cast.tagged), {}], ['PUT', path('mapping', cast.twin), { address: 'a@b.example' }], ['GET', '/v1/contacts?search=a']];
  const roles = (change) => world.sandbox.change({ jira: { roles: { HELP: change } } });
  async function withdrawn(change, judge, [status, code]) {
    await stands('online', cast.twin);
    await roles(change);
    world.clock.advance({ minutes: 5, seconds: 1 });
    judge(await agent.get('/v1/panel'));
    for (const call of calls()) {
      const refused = await agent.call(...call);
      assert.deepEqual([refused.status, refused.json.code], [status, code], `${call[1]}: ${refused.text}`);
      understood(refused);
    }
    await roles({ 'Service Desk Team': ['group:support-team'], Viewers: [] });
    world.clock.advance({ minutes: 5, seconds: 1 });
    await stands('online', cast.twin);
  }

  test('somebody who is no agent any more, and still reads the issue: five minutes later the open panel names nobody and says why, and nothing starts', () =>
    withdrawn({ 'Service Desk Team': [], Viewers: [agent.account] }, ({ status, json }) => {
      assert.deepEqual([status, json.viewer.mayAct, json.viewer.reason, json.people, json.sessions], [200, false, 'not_agent', [], []]);
    }, [403, 'forbidden']));

  test('somebody who may not see the issue any more: five minutes later there is no such issue', () =>
    withdrawn({ 'Service Desk Team': [], Viewers: [] }, (seen) => {
      assert.deepEqual([seen.status, seen.json.code], [404, 'not_found']);
      understood(seen);
    }, [404, 'not_found']));

  test('nothing of all this stands in the log: no address, no name, no launch link', () => {
    const log = world.belayd.program.written();
    for (const { email, name } of Object.values(cast)) {
      for (const text of [email, name]) assert.ok(!log.includes(text) && !log.includes(JSON.stringify(text).slice(1, -1)), text);
    }
    assert.ok(!/\/contact\/c\d+/.test(log));
    assert.ok(!/"event":"task_failed"|"event":"step_threw"|"level":"critical"/.test(log), log.split('\n').filter((line) => /task_failed|step_threw|critical/.test(line)).join('\n'));
  });
});

describe('an agent with 5,000 contacts', () => {
  const count = 5_000;
  let world;
  let agent;
  before(async () => {
    world = await World.open({
      seed: freshSeed((seed) => {
        arrange(seed);
        for (let n = 0; n < count; n += 1) seed.teamviewer.contacts.push({ owner: 'tomas.ferreira@example.com', email: `customer-${n}@example.net`, name: `Customer number ${n}` });
      }),
    });
    agent = await world.linkedAgent(0, key);
  });
  after(() => world?.close());

  test('the panel asks about the people of the issue, and not for the list', async () => {
    const { people } = await until('everybody stands somewhere', async () => {
      world.clock.advance({ seconds: 3 });
      const seen = await agent.expect(200, 'GET', '/v1/panel');
      return seen.people.some(({ standing }) => standing === 'online') && seen;
    });
    assert.ok(people.length >= Object.keys(cast).length);
    const looks = (await world.sandbox.requests()).filter(({ party, method, path: at }) => party === 'teamviewer' && method === 'GET' && at.endsWith('/contacts'));
    assert.ok(looks.length > 0);
    for (const look of looks) assert.ok(JSON.stringify(look).includes('email'), JSON.stringify(look));
  });

  test('a search shows twenty of them, by name, and says that there are more; one of them can be tied', async () => {
    const { contacts, more } = await agent.expect(200, 'GET', '/v1/contacts?search=Customer');
    assert.deepEqual([contacts.length, more], [20, true]);
    assert.deepEqual(contacts.map(({ name }) => name), contacts.map(({ name }) => name).toSorted());
    const { contacts: one, more: others } = await agent.expect(200, 'GET', '/v1/contacts?search=number%204999');
    assert.deepEqual([one.map(({ name }) => name), others], [['Customer number 4999'], false]);
    world.clock.advance({ seconds: 10 });   // finding out the address that TeamViewer refuses took the calls that may be made at once
    const { person } = await agent.expect(200, 'PUT', `/v1/people/${encodeURIComponent(cast.comma.accountId)}/mapping`, { contact: one[0].id });
    assert.deepEqual([person.mapping.to, person.standing], ['Customer number 4999', 'offline']);
  });
});
