// The judge of the chaos run, judged itself: on journals made by hand, so that nothing has to be killed to see it say no.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemsBy } from '../sandbox/schemas.mjs';
import { check } from './checker.mjs';

const one = '0192f3a0-0000-7000-8000-000000000001';
const two = '0192f3a0-0000-7000-8000-000000000002';

// Lines as the sandbox writes them; a code or a comment is known by its number alone.
const line = (party, kind, object, identity = {}) => ({ party, kind, installation: party === 'jira' ? 'installation-1' : '', account: 'account-1', object, identity, more: {} });
const ours = (id) => (id ? { custom_api: JSON.stringify({ belay: id }) } : {});
const session = (what, number, id) => line('teamviewer', `session.${what}`, { session: `s100-000-00${number}` }, ours(id));
const comment = (what, number, id) => line('jira', `comment.${what}`, { issue: '10001', issueKey: 'HELP-1', comment: `${number}` }, id ? { 'belay.session': { id } } : {});

function judge(accepted, lines) {
  const journal = lines.map((entry, index) => ({ seq: index + 1, time: '2026-11-18T09:14:03Z', ...entry }));
  for (const entry of journal) assert.equal(problemsBy('journal', entry), '', 'the sandbox could have written this line');
  return check({ journal, accepted });
}

const clean = [session('created', 1, one), comment('created', 1, one)];
const cases = [
  // name, what was accepted, the journal, what is counted, what is said
  ['one session and one comment', [{ id: one }], clean, {}],
  ['nothing accepted and nothing done', [], [], {}],
  ['two requests, each with its own', [{ id: one }, { id: two }], [...clean, session('created', 2, two), comment('created', 2, two)], {}],
  ['a twin that was found and closed', [{ id: one }], [...clean, session('created', 2, one), session('closed', 2, one)], {}],
  ['a comment that was written anew', [{ id: one }], [...clean, comment('deleted', 1, one), comment('created', 2, one)], {}],
  ['closed as it was asked for', [{ id: one, end: 'closed' }], [...clean, session('closed', 1, one)], {}],
  ['closed and opened again', [{ id: one }], [...clean, session('closed', 1, one), session('reopened', 1, one)], {}],
  ['cancelled before anything was done', [{ id: one, end: 'cancelled' }], [], {}],
  ['people and other programs leave their own marks', [{ id: one }], [...clean, comment('created', 7), comment('edited', 1, one), comment('deleted', 7)], {}],

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
  ['two comments on what was cancelled', [{ id: one, end: 'cancelled' }], [comment('created', 1, one), comment('created', 2, one)], { duplicates: 1 }, [/2 comments/]],
  ['closed, and yet it lives', [{ id: one, end: 'closed' }], clean, { orphans: 1 }, [/0001 was closed, and 1 of its sessions live/]],
  ['a session for a request that was never accepted', [{ id: one }], [...clean, session('created', 2, two)], { orphans: 1 }, [/s100-000-002 belongs to .*0002/]],
  ['a session that carries no id of ours', [{ id: one }], [...clean, session('created', 2)], { orphans: 1 }, [/s100-000-002 belongs to foreign/]],
  ['a comment for a request that was never accepted', [{ id: one }], [...clean, comment('created', 2, two)], { orphans: 1 }, [/comment 2 belongs to .*0002/]],
];

for (const [name, accepted, lines, counted, said = []] of cases) {
  test(`${said.length > 0 ? 'refused' : 'clean'}: ${name}`, () => {
    const { problems, ...counts } = judge(accepted, lines);
    assert.deepEqual(counts, { lost: 0, duplicates: 0, orphans: 0, ...counted }, problems.join('\n'));
    assert.equal(problems.length, said.length, problems.join('\n'));
    said.forEach((words, index) => assert.match(problems[index], words));
  });
}
