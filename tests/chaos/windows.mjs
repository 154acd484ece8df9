// The named windows in which belayd is killed, in the order in which a session passes them: made, announced, closed, replaced, waited in, reported, expired, and
// taken away with its account. A window is reached by what the outside does (it holds an answer back, it keeps the database locked), never by a switch inside belayd.
import { until } from '../harness/wait.mjs';
import { holding, jira, provider } from './rules.mjs';

const kLooks = 25;   // of a second altogether; then something waits for its next try

/** Waits until the sandbox holds the request of rule `id`, while the clock moves by `seconds` at every look. */
async function held(chaos, id, { seconds = 0 } = {}) {
  let looks = 0;
  await until(`the sandbox holds ${id}`, async () => {
    if (await chaos.isHeld(id)) return true;
    looks += 1;
    chaos.world.clock.advance({ seconds: looks > kLooks ? Math.max(seconds, 1) : seconds });
    return false;
  }, { timeout: 60_000 });
}

// The clock stands still until what was under way has arrived: it has a minute.
async function unlinkedAndHeld(chaos, scene, id) {
  await scene.accepted;
  await held(chaos, id, { seconds: 3 });
}

const creating = (mark) => provider('POST', '**/sessions', { bodyHas: mark });
const inviting = (mark) => jira('POST', '**/comment', { bodyHas: mark });
const closing = (code) => provider('PUT', `**/sessions/${code}`);
const telling = (id) => jira('POST', '**/comment', { bodyHas: id });
const reporting = (id) => jira('POST', '**/comment', { bodyHas: id });
const editing = (comment) => jira('PUT', `**/comment/${comment}`);
const booking = (id) => jira('POST', '**/worklog', { bodyHas: id });
const revoking = provider('POST', '**/OAuth2/revoke');

/**
 * name; scene: what is under way (scenes.mjs); rules(scene): what the sandbox is told before it begins (`mark` stands in the description and in the
 * customer's name, `id` and `code` are the session's where it is there already, and `comment` its invitation's); before(chaos): what else has to be so; reach(chaos, scene): returns when
 * belayd stands in the window; after(chaos, scene): tidies up once it is dead. `cancellable`: the session is not made yet, so that it can be cancelled; `locked`:
 * the database is, so that nothing can be changed.
 */
export const windows = [
  {
    name: 'before the provider call',
    scene: 'create',
    cancellable: true,
    // Another group has to be looked up first, and that call is held, for whoever else makes a session too: it is not known which of them comes first.
    before: (chaos) => chaos.nextGroup(),
    rules: () => [{ ...holding('group', 'before', provider('GET', '**/groups')), times: 9 }],
    reach: (chaos) => held(chaos, 'group'),
  },
  {
    name: 'request sent',
    scene: 'create',
    cancellable: true,
    rules: ({ mark }) => [holding('create', 'before', creating(mark))],
    reach: (chaos) => held(chaos, 'create'),
    // The request may still be carried out after the one who sent it is dead: half of the time it is.
    after: (chaos, { late }) => chaos.releaseLate(late, 'session'),
  },
  {
    name: 'effect done and answer held',
    scene: 'create',
    cancellable: true,
    rules: ({ mark }) => [holding('create', 'after', creating(mark))],
    reach: (chaos) => held(chaos, 'create'),
  },
  {
    name: 'answer read',
    scene: 'create',
    cancellable: true,
    locked: true,
    rules: ({ mark }) => [holding('create', 'after', creating(mark))],
    reach: async (chaos) => {
      await held(chaos, 'create');
      const read = await chaos.answersRead('teamviewer.create_session');
      chaos.unlock = await chaos.storage.lock(chaos.world.folder);
      await chaos.release('create');
      await until('belayd has read the answer', async () => (await chaos.answersRead('teamviewer.create_session')) > read);
    },
    after: async (chaos) => {
      await chaos.unlock();
      chaos.unlock = undefined;
    },
  },
  {
    name: 'row written',
    scene: 'create',
    // The words of the invitation wait for who the agent is, which is asked while the session is being made.
    rules: () => [{ ...holding('agent', 'before', jira('GET', '**/user')), times: 9 }],
    reach: async (chaos, { first }) => {
      await held(chaos, 'agent');
      const one = await first();
      await until('the session is open', async () => (await chaos.read(one)).state === 'open');
    },
  },
  {
    name: 'between session and comment',
    scene: 'create',
    rules: ({ mark }) => [holding('comment', 'before', inviting(mark))],
    reach: (chaos) => held(chaos, 'comment'),
    after: (chaos, { late }) => chaos.releaseLate(late, 'comment'),
  },
  {
    name: 'comment done and answer held',
    scene: 'create',
    rules: ({ mark }) => [holding('comment', 'after', inviting(mark))],
    reach: (chaos) => held(chaos, 'comment'),
  },

  {
    name: 'closing sent',
    scene: 'close',
    rules: ({ code }) => [holding('close', 'before', closing(code))],
    reach: (chaos) => held(chaos, 'close'),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'closed and answer held',
    scene: 'close',
    rules: ({ code }) => [holding('close', 'after', closing(code))],
    reach: (chaos) => held(chaos, 'close'),
  },

  {
    name: 'replacement joined and old one open',
    scene: 'replace',
    rules: ({ code }) => [holding('close', 'before', closing(code))],
    reach: (chaos) => held(chaos, 'close', { seconds: 10 }),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'old one closed and answer held',
    scene: 'replace',
    rules: ({ code }) => [holding('close', 'after', closing(code))],
    reach: (chaos) => held(chaos, 'close', { seconds: 10 }),
  },

  {
    name: 'waiting sent',
    scene: 'wait',
    rules: ({ id }) => [holding('waiting', 'before', telling(id))],
    reach: (chaos) => held(chaos, 'waiting', { seconds: 1 }),
    after: (chaos, { late }) => chaos.releaseLate(late, 'waiting'),
  },
  {
    name: 'waiting told and answer held',
    scene: 'wait',
    rules: ({ id }) => [holding('waiting', 'after', telling(id))],
    reach: (chaos) => held(chaos, 'waiting', { seconds: 1 }),
  },

  {
    name: 'records given and answer held',
    scene: 'report',
    rules: () => [holding('records', 'after', provider('GET', '**/reports/connections'))],
    reach: (chaos) => held(chaos, 'records', { seconds: 1 }),
  },
  {
    name: 'report sent',
    scene: 'report',
    rules: ({ id }) => [holding('report', 'before', reporting(id))],
    reach: (chaos) => held(chaos, 'report', { seconds: 1 }),
    after: (chaos, { late }) => chaos.releaseLate(late, 'report'),
  },
  {
    name: 'report done and answer held',
    scene: 'report',
    rules: ({ id }) => [holding('report', 'after', reporting(id))],
    reach: (chaos) => held(chaos, 'report', { seconds: 1 }),
  },
  {
    name: 'worklog sent',
    scene: 'report',
    rules: ({ id }) => [holding('worklog', 'before', booking(id))],
    reach: (chaos) => held(chaos, 'worklog', { seconds: 1 }),
    after: (chaos, { late }) => chaos.releaseLate(late, 'worklog'),
  },
  {
    name: 'worklog done and answer held',
    scene: 'report',
    rules: ({ id }) => [holding('worklog', 'after', booking(id))],
    reach: (chaos) => held(chaos, 'worklog', { seconds: 1 }),
  },

  {
    name: 'end of an expired one sent',
    scene: 'expire',
    rules: ({ comment }) => [holding('edit', 'before', editing(comment))],
    reach: (chaos) => held(chaos, 'edit', { seconds: 5 }),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'end of an expired one said and answer held',
    scene: 'expire',
    rules: ({ comment }) => [holding('edit', 'after', editing(comment))],
    reach: (chaos) => held(chaos, 'edit', { seconds: 5 }),
  },

  {
    name: 'unlinked and session open',
    scene: 'unlink',
    rules: ({ code }) => [holding('close', 'before', closing(code))],
    reach: (chaos, scene) => unlinkedAndHeld(chaos, scene, 'close'),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'sessions closed and grant kept',
    scene: 'unlink',
    rules: () => [holding('revoke', 'before', revoking)],
    reach: (chaos, scene) => unlinkedAndHeld(chaos, scene, 'revoke'),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'grant given back and answer held',
    scene: 'unlink',
    rules: () => [holding('revoke', 'after', revoking)],
    reach: (chaos, scene) => unlinkedAndHeld(chaos, scene, 'revoke'),
  },
];
