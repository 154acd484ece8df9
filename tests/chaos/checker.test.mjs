// The judge of the chaos run, judged itself: on journals made by hand, so that nothing has to be killed to see it say no.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsBy } from '../sandbox/schemas.mjs';
import { check } from './checker.mjs';

const one = '0192f3a0-0000-7000-8000-000000000001';
const two = '0192f3a0-0000-7000-8000-000000000002';

// Lines as the sandbox writes them; a code or a comment is known by its number alone.
const line = (party, kind, object, identity = {}, more = {}) => ({ party, kind, installation: party === 'jira' ? 'installation-1' : '', account: 'account-1', object, identity, more });
const ours = (id) => (id ? { custom_api: JSON.stringify({ belay: id }) } : {});
const session = (what, number, id) => line('teamviewer', `session.${what}`, { session: `s100-000-00${number}` }, ours(id));
const place = { issue: '10001', issueKey: 'HELP-1' };
const written = (purpose) => (what, number, id, text = '', sending = 1) =>
  line('jira', `comment.${what}`, { ...place, comment: `${number}` }, id ? { [purpose]: { id, sending } } : {}, what === 'deleted' ? {} : { text });
const comment = written('belay.session');
const report = written('belay.report');
const waiting = written('belay.waiting');
const worklog = (what, number, id, seconds) => line('jira', `worklog.${what}`, { ...place, worklog: `${number}` }, { 'belay.session': { id } }, { seconds });
const property = (issueKey, open, minutes, sessions = 1) => line('jira', 'issue_property.set', { issue: '10001', issueKey, property: 'belay' }, {}, { value: { sessions, open, minutes } });
const record = (number, seconds) => line('teamviewer', 'record.added', { session: `s100-000-00${number}`, record: 'record-1' }, {}, { seconds });
const left = (number, seconds) => line('teamviewer', 'supporter.disconnected', { session: `s100-000-00${number}`, record: 'record-2' }, {}, { seconds });
const token = (what, grant, app = 'belay-sandbox') => line('teamviewer', `token.${what}`, { grant, app });

function judge(accepted, lines) {
  const journal = lines.map((entry, index) => ({ seq: index + 1, time: '2026-11-18T09:14:03Z', ...entry }));
  for (const entry of journal) assert.equal(problemsBy('journal', entry), '', 'the sandbox could have written this line');
  return check({ journal, accepted });
}

const clean = [session('created', 1, one), comment('created', 1, one)];
const over = [...clean, session('closed', 1, one)];
const five = [...over, record(1, 300), report('created', 9, one, 'Remote session s100-000-001 with Ada: 5 min, by Ben.'), worklog('created', 3, one, 300)];
const reported = { id: one, end: 'closed', report: 'once' };
const inInvitation = { ...reported, place: 'invitation' };
const cases = [
  // name, what was accepted, the journal, what is counted, what is said
  ['one session and one comment', [{ id: one }], clean, {}],
  ['nothing accepted and nothing done', [], [], {}],
  ['two requests, each with its own', [{ id: one }, { id: two }], [...clean, session('created', 2, two), comment('created', 2, two)], {}],
  ['a twin that came late, was found and closed', [{ id: one, late: ['session'] }], [...clean, session('created', 2, one), session('closed', 2, one)], {}],
  ['a comment that came late, and whose twin was taken away', [{ id: one, late: ['comment'] }], [...clean, comment('created', 2, one), comment('deleted', 1, one)], {}],
  ['a comment that was sent again, with the number of its sending', [{ id: one }], [...clean, comment('created', 2, one, '', 2), comment('deleted', 1, one)], {}],
  ['closed as it was asked for', [{ id: one, end: 'closed' }], [...clean, session('closed', 1, one)], {}],
  ['closed and opened again', [{ id: one }], [...clean, session('closed', 1, one), session('reopened', 1, one)], {}],
  ['cancelled before anything was done', [{ id: one, end: 'cancelled' }], [], {}],
  ['cancelled while it was made: found and closed', [{ id: one, end: 'cancelled' }], [session('created', 1, one), session('closed', 1, one)], {}],
  ['cancelled, and a late comment that was taken away', [{ id: one, end: 'cancelled' }], [comment('created', 1, one), comment('deleted', 1, one)], {}],
  ['people and other programs leave their own marks', [{ id: one }], [...clean, comment('created', 7), comment('edited', 1, one), comment('deleted', 7)], {}],
  ['replaced, and its replacement lives', [{ id: one, end: 'replaced' }, { id: two }], [...over, session('created', 2, two), comment('created', 2, two)], {}],
  ['disconnected while it was made: nothing there, and nobody told', [{ id: one, end: 'unlinked', announced: false }], [session('created', 1, one), session('closed', 1, one)], {}],
  ['disconnected while its comment was written', [{ id: one, end: 'unlinked', announced: false }], over, {}],
  ['its issue was deleted, and its comment with it', [{ id: one, end: 'gone', announced: true }], over, {}],
  ['reported once, and as work', [reported], five, {}],
  ['reported in a comment that a late record changed', [reported], [...five, left(1, 120), report('edited', 9, one, '7 min, by Ben'), worklog('edited', 3, one, 420)], {}],
  ['a report that came late, and whose twin was taken away', [{ ...reported, late: ['report'] }], [...five, report('created', 10, one, '5 min'), report('deleted', 10)], {}],
  ['a worklog that came late, and whose twin was taken away', [{ ...reported, late: ['worklog'] }], [...five, worklog('created', 4, one, 300), worklog('deleted', 4, one, 300)], {}],
  ['nobody connected, and that is said', [reported], [...over, report('created', 9, one, 'Remote session s100-000-001 with Ada: nobody connected.')], {}],
  ['reported in the invitation', [inInvitation], [...over, record(1, 300), comment('edited', 1, one, 'Ben helped you for 5 min.'), worklog('created', 3, one, 300)], {}],
  ['nobody connected, and the invitation says so', [inInvitation], [...over, comment('edited', 1, one, 'The session is over. Nobody connected.')], {}],
  ['a report that may be there, and is', [{ ...reported, report: 'maybe' }], five, {}],
  ['a report that may be there, and is not', [{ ...reported, report: 'maybe' }], [...over, record(1, 300)], {}],
  ['who waits is told of once', [{ id: one, told: true }], [...clean, waiting('created', 5, one)], {}],
  ['who waits is told of late a second time, which is taken away', [{ id: one, told: true, late: ['waiting'] }], [...clean, waiting('created', 5, one), waiting('created', 6, one), waiting('deleted', 6)], {}],
  ['a grant of either app, and one that was given back', [], [token('issued', 'a'), token('issued', 'b', 'belay-sandbox-reports'), token('revoked', 'a'), token('issued', 'c')], {}],
  ['the invitation of one that is over has lost its link', [{ id: one, end: 'closed' }], [session('created', 1, one), comment('created', 1, one, 'Open http://t.example/s100000001'), session('closed', 1, one), comment('edited', 1, one, 'It has ended')], {}],
  ['the property counts what is open, and the minutes of what is over', [{ ...reported, issue: 'HELP-1' }, { id: two, issue: 'HELP-1' }], [...five, session('created', 2, two), comment('created', 2, two), property('HELP-1', 2, 0, 2), property('HELP-1', 1, 5, 2)], {}],
  ['what went with a deleted issue is not counted', [{ id: one, issue: 'HELP-1', end: 'gone' }], [...over, property('HELP-1', 1, 0)], {}],
  ['minutes that may not be known are not counted', [{ ...reported, report: 'maybe', issue: 'HELP-1' }], [...over, record(1, 300), property('HELP-1', 0, 0)], {}],

  ['nothing done at all', [{ id: one }], [], { lost: 2 }, [/no live session/, /no comment/]],
  ['a lost session', [{ id: one }], [comment('created', 1, one)], { lost: 1 }, [/0001 has no live session/]],
  ['a missing comment', [{ id: one }], [session('created', 1, one)], { lost: 1 }, [/0001 has no comment/]],
  ['a comment that somebody took away', [{ id: one }], [...clean, comment('deleted', 1, one)], { lost: 1 }, [/no comment/]],
  ['a session closed though it is wanted', [{ id: one }], [...clean, session('closed', 1, one)], { lost: 1 }, [/no live session/]],
  ['a session deleted though it is wanted', [{ id: one }], [...clean, session('deleted', 1, one)], { lost: 1 }, [/no live session/]],
  ['the session of one and the comment of the other', [{ id: one }, { id: two }], [session('created', 1, one), comment('created', 1, two)], { lost: 2 },
    [/0001 has no comment/, /0002 has no live session/]],
  ['a closed session that was never announced', [{ id: one, end: 'closed' }], [session('created', 1, one), session('closed', 1, one)], { lost: 1 }, [/no comment/]],
  ['two sessions', [{ id: one }], [...clean, session('created', 2, one)], { duplicates: 1 }, [/0001 has 2 live sessions/]],
  ['a twin that was closed and came back', [{ id: one }], [...clean, session('created', 2, one), session('closed', 2, one), session('reopened', 2, one)], { duplicates: 1 },
    [/2 live sessions/]],
  ['two comments', [{ id: one }], [...clean, comment('created', 2, one)], { duplicates: 1 }, [/0001 has 2 comments/]],
  ['cancelled, and yet it lives', [{ id: one, end: 'cancelled' }], [session('created', 1, one)], { orphans: 1 }, [/0001 was cancelled, and 1 of its sessions live/]],
  ['cancelled, and yet it was announced', [{ id: one, end: 'cancelled' }], [comment('created', 1, one)], { orphans: 1 }, [/0001 was cancelled, and 1 of its comments stand/]],
  ['cancelled, and yet it was made and announced, twice', [{ id: one, end: 'cancelled' }], [...clean, session('created', 2, one), comment('created', 2, one)], { orphans: 2 },
    [/2 of its sessions live/, /2 of its comments stand/]],
  ['closed, and yet it lives', [{ id: one, end: 'closed' }], clean, { orphans: 1 }, [/0001 was closed, and 1 of its sessions live/]],
  ['a session for a request that was never accepted', [{ id: one }], [...clean, session('created', 2, two)], { orphans: 1 }, [/s100-000-002 belongs to .*0002/]],
  ['a session that carries no id of ours', [{ id: one }], [...clean, session('created', 2)], { orphans: 1 }, [/s100-000-002 belongs to foreign/]],
  ['closed, made twice though nothing came late', [{ id: one, end: 'closed' }], [...over, session('created', 2, one), session('closed', 2, one)], { duplicates: 1 },
    [/0001 was made 2 times, and the first could have been found/]],
  ['made twice though nothing came late, and the twin closed', [{ id: one, late: ['comment'] }], [...clean, session('created', 2, one), session('closed', 2, one)], { duplicates: 1 },
    [/0001 was made 2 times/]],
  ['announced twice though nothing came late, and the twin taken away', [{ id: one, late: ['session'] }], [...clean, comment('created', 2, one), comment('deleted', 2, one)], { duplicates: 1 },
    [/0001 was announced 2 times/]],
  ['replaced, and yet it lives', [{ id: one, end: 'replaced' }], clean, { orphans: 1 }, [/0001 was replaced, and 1 of its sessions live/]],
  ['disconnected, and yet it lives', [{ id: one, end: 'unlinked', announced: false }], clean, { orphans: 1 }, [/0001 was unlinked, and 1 of its sessions live/]],
  ['disconnected, and made afterwards', [{ id: one, end: 'unlinked', announced: false }], [session('created', 1, one)], { orphans: 1 }, [/0001 was unlinked, and 1 of its sessions live/]],
  ['disconnected after it was announced, and no comment', [{ id: one, end: 'unlinked', announced: true }], [session('created', 1, one), session('closed', 1, one)], { lost: 1 }, [/no comment/]],
  ['its issue was deleted, and yet it lives', [{ id: one, end: 'gone', announced: true }], clean, { orphans: 1 }, [/0001 was gone, and 1 of its sessions live/]],
  ['no report, and no worklog', [reported], [...over, record(1, 300)], { lost: 2 }, [/0001 has no report/, /0001 has no worklog/]],
  ['a report that somebody took away', [reported], [...five, report('deleted', 9)], { lost: 1 }, [/no report/]],
  ['nobody connected, and nobody told', [reported], over, { lost: 1 }, [/no report/]],
  ['a report without the late record', [reported], [...five, record(1, 120)], { lost: 2 }, [/says “.*5 min, by Ben.”, and 7 min were connected/, /says 300 s, and 420 s/]],
  ['fifteen minutes are not five', [reported], [...five, report('edited', 9, one, '15 min, by Ben')], { lost: 1 }, [/says “15 min/]],
  ['a report of nobody although somebody was there', [reported], [...five, report('edited', 9, one, 'nobody connected')], { lost: 1 }, [/“nobody connected”, and 5 min/]],
  ['the invitation does not say it', [inInvitation], [...over, record(1, 300), worklog('created', 3, one, 300)], { lost: 1 }, [/invitation of .*0001 does not say that 5 min/]],
  ['nobody connected, and the invitation says nothing of it', [inInvitation], [...over, comment('edited', 1, one, 'The session is over.')], { lost: 1 },
    [/invitation of .*0001 does not say that nobody connected, but “The session is over.”/]],
  ['two reports', [reported], [...five, report('created', 10, one, '5 min')], { duplicates: 1 }, [/0001 has 2 reports/]],
  ['two reports where there may be one', [{ ...reported, report: 'maybe' }], [...five, report('created', 10, one, '5 min')], { duplicates: 1 }, [/0001 has 2 reports/]],
  ['reported twice though nothing came late, and the twin taken away', [{ ...reported, late: ['worklog'] }], [...five, report('created', 10, one, '5 min'), report('deleted', 10)], { duplicates: 1 },
    [/0001 was reported 2 times/]],
  ['two worklogs', [reported], [...five, worklog('created', 4, one, 300)], { duplicates: 1 }, [/0001 has 2 worklogs/]],
  ['a worklog though nobody connected', [reported], [...over, report('created', 9, one, 'nobody connected'), worklog('created', 3, one, 60)], { orphans: 1 }, [/nobody was connected in .*0001/]],
  ['reported although it lives', [{ id: one }], [...clean, report('created', 9, one), worklog('created', 3, one, 60)], { orphans: 2 }, [/0001 lives, and 1 reports/, /0001 lives, and 1 worklogs/]],
  ['reported although it was cancelled', [{ id: one, end: 'cancelled' }], [report('created', 9, one)], { orphans: 1 }, [/0001 was cancelled, and 1 reports/]],
  ['nobody tells of who waits', [{ id: one, told: true }], clean, { lost: 1 }, [/0001: nobody was told/]],
  ['who waits is told of twice, and the twin taken away', [{ id: one, told: true }], [...clean, waiting('created', 5, one), waiting('created', 6, one), waiting('deleted', 6)], { duplicates: 1 }, [/0001: the agent was told 2 times/]],
  ['who waits is told of twice', [{ id: one }], [...clean, waiting('created', 5, one), waiting('created', 6, one)], { duplicates: 1 }, [/0001 has 2 comments on waiting/]],
  ['over, and its invitation still has the link', [{ id: one, end: 'unlinked' }], [session('created', 1, one), comment('created', 1, one, 'Open http://t.example/s100000001'), session('closed', 1, one)], { lost: 1 }, [/0001 was unlinked, and its invitation still has the link/]],
  ['a property that was never written', [{ id: one, issue: 'HELP-1' }], clean, { lost: 1 }, [/property of HELP-1 was never written/]],
  ['a property that counts one too many', [{ id: one, end: 'closed', issue: 'HELP-1' }], [...over, property('HELP-1', 1, 0)], { lost: 1 }, [/property of HELP-1 says that 1 sessions are open, and it is 0/]],
  ['a property that has forgotten a session', [{ id: one, end: 'closed', issue: 'HELP-1' }], [...over, property('HELP-1', 0, 0, 0)], { lost: 1 }, [/property of HELP-1 counts 0 sessions, and 1 of 1 were surely made/]],
  ['a report that everybody may read', [reported], [...over, record(1, 300), { ...report('created', 9, one, '5 min, by Ben'), more: { text: '5 min, by Ben', public: true } }, worklog('created', 3, one, 300)], { orphans: 1 },
    [/report 9 of .*0001 is for everybody to read/]],
  ['a property without the late record', [{ ...reported, issue: 'HELP-1' }], [...five, left(1, 120), report('edited', 9, one, '7 min'), worklog('edited', 3, one, 420), property('HELP-1', 0, 5)], { lost: 1 }, [/says 5 min, and 420 s/]],
  ['a grant that was not given back', [], [token('issued', 'a'), token('issued', 'b')], { orphans: 1 }, [/2 grants of account-1 to belay-sandbox live: a, b/]],
  ['a report for a request that was never accepted', [{ id: one }], [...clean, report('created', 9, two)], { orphans: 1 }, [/comment 9 belongs to .*0002/]],
  ['a worklog for a request that was never accepted', [{ id: one }], [...clean, worklog('created', 3, two, 60)], { orphans: 1 }, [/worklog 3 belongs to .*0002/]],
  ['a comment for a request that was never accepted', [{ id: one }], [...clean, comment('created', 2, two)], { orphans: 1 }, [/comment 2 belongs to .*0002/]],
];

for (const [name, accepted, lines, counted, said = []] of cases) {
  test(`${said.length > 0 ? 'refused' : 'clean'}: ${name}`, () => {
    const { problems, effects: _effects, ...counts } = judge(accepted, lines);
    assert.deepEqual(counts, { lost: 0, duplicates: 0, orphans: 0, ...counted }, problems.join('\n'));
    assert.equal(problems.length, said.length, problems.join('\n'));
    said.forEach((words, index) => assert.match(problems[index], words));
  });
}
