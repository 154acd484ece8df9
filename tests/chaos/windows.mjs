// The named windows in which belayd is killed, in the order in which the making of a session passes them, and the other ways to disturb it.
// A window is reached by what the outside does (it holds an answer back, it keeps the database locked), never by a switch inside belayd.
import { until } from '../harness/wait.mjs';

const provider = (method, path, rest = {}) => ({ match: { party: 'teamviewer', method, path, ...rest } });
const jira = (method, path, rest = {}) => ({ match: { party: 'jira', method, path, ...rest } });

/** Waits until the sandbox holds the request of rule `id`. */
async function held(chaos, id) {
  await until(`the sandbox holds ${id}`, async () => (await chaos.sandbox.faultState()).holding.some(({ rule }) => rule === id));
}

/**
 * name; rules({mark, id}): what the sandbox is told before the session is asked for (`mark` stands in its description, `id` is known afterwards);
 * before(chaos): what else has to be so; reach(chaos): returns when belayd stands in the window; after(chaos): tidies up once it is dead.
 */
export const windows = [
  {
    name: 'before the provider call',
    // Another group has to be looked up first, and that call is held.
    before: (chaos) => chaos.nextGroup(),
    rules: () => [{ id: 'group', ...provider('GET', '**/groups'), hold: 'before', times: 1 }],
    reach: (chaos) => held(chaos, 'group'),
  },
  {
    name: 'request sent',
    rules: ({ mark }) => [{ id: 'create', ...provider('POST', '**/sessions', { bodyHas: mark }), hold: 'before', times: 1 }],
    reach: (chaos) => held(chaos, 'create'),
    // The request may still be carried out after the one who sent it is dead: half of the time it is.
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'effect done and answer held',
    rules: ({ mark }) => [{ id: 'create', ...provider('POST', '**/sessions', { bodyHas: mark }), hold: 'after', times: 1 }],
    reach: (chaos) => held(chaos, 'create'),
  },
  {
    name: 'answer read',
    rules: ({ mark }) => [{ id: 'create', ...provider('POST', '**/sessions', { bodyHas: mark }), hold: 'after', times: 1 }],
    reach: async (chaos) => {
      await held(chaos, 'create');
      const read = await chaos.answersRead('teamviewer.create_session');
      chaos.unlock = await chaos.storage.lock(chaos.world.folder);
      await chaos.sandbox.control('POST', 'release', {});
      await until('belayd has read the answer', async () => (await chaos.answersRead('teamviewer.create_session')) > read);
    },
    after: async (chaos) => {
      await chaos.unlock();
      chaos.unlock = undefined;
    },
  },
  {
    name: 'row written',
    // The first thing outside after the row: who is the agent, for the words of the invitation.
    rules: () => [{ id: 'agent', ...jira('GET', '**/user'), hold: 'before', times: 1 }],
    reach: (chaos) => held(chaos, 'agent'),
  },
  {
    name: 'between session and comment',
    rules: () => [{ id: 'comment', ...jira('POST', '**/comment'), hold: 'before', times: 1 }],
    reach: (chaos) => held(chaos, 'comment'),
    after: (chaos) => chaos.releaseLate(),
  },
  {
    name: 'comment done and answer held',
    rules: () => [{ id: 'comment', ...jira('POST', '**/comment'), hold: 'after', times: 1 }],
    reach: (chaos) => held(chaos, 'comment'),
  },
];

/** Trouble that belayd has to live through without being killed. */
export const disturbances = [
  { name: 'provider answers 500', rules: () => [{ ...provider('POST', '**/sessions'), times: 1, answer: { status: 500, body: { error: 'internal_error' } } }] },
  { name: 'provider answers 429', rules: () => [{ ...provider('POST', '**/sessions'), times: 1, answer: { status: 429, body: { error: 'rate_limit_reached' } } }] },
  { name: 'provider drops the request', rules: () => [{ ...provider('POST', '**/sessions'), times: 1, drop: 'before' }] },
  { name: 'provider drops the answer', rules: () => [{ ...provider('POST', '**/sessions'), times: 1, drop: 'after' }] },
  { name: 'provider answers 500 after the effect', rules: () => [{ ...provider('POST', '**/sessions'), times: 1, answerMoment: 'after', answer: { status: 500, body: { error: 'internal_error' } } }] },
  { name: 'Jira answers 429', rules: () => [{ ...jira('POST', '**/comment'), times: 1, answer: { status: 429, headers: { 'Retry-After': '7', 'RateLimit-Reason': 'jira-burst-based' }, body: {} } }] },
  { name: 'Jira answers 503', rules: () => [{ ...jira('POST', '**/comment'), times: 1, answer: { status: 503, body: {} } }] },
  { name: 'Jira drops the answer', rules: () => [{ ...jira('POST', '**/comment'), times: 1, drop: 'after' }] },
];
