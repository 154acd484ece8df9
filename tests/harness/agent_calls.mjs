// What agents call, as docs/openapi.yaml has it: so that what is refused to somebody is all of it, also what is added one day.
import assert from 'node:assert/strict';
import { document } from './openapi.mjs';

/** What agents send, by the operation of docs/openapi.yaml: each a [body, query]. */
const asked = {
  invitePerson: [[{}]],
  mapPerson: [[{ address: 'a@b.example' }], [{ contact: 'c1' }]],
  unmapPerson: [[]],
  launch: ['chat', 'call', 'control', 'present'].map((mode) => [{ mode }]),
  listContacts: [[undefined, '?search=a']],
  listSessions: [[]],
  createSession: [[{}], [{ customer: { name: 'Ada Example' }, invitation: 'public' }]],
  getSession: [[]],
  connectSession: [[{ client: 'app' }], [{ client: 'browser' }]],
  stayInJira: [[]],
  noteSession: [[{ notes: 'x' }]],
  replaceSession: [[{}]],
  closeSession: [[{}]],
  cancelSession: [[{}]],
  retrySession: [[{}]],
  dismissAsk: [[{ ask: 'x' }]],
};

/** Every call on people and sessions that the document knows, as [method, path, body]: about that person and that session, by their ids. */
export function callsOfAgents({ person, session }) {
  const operations = Object.entries(document.paths).flatMap(([path, item]) => ['get', 'post', 'put', 'delete', 'patch']
    .filter((method) => item[method]?.tags.some((tag) => ['people', 'sessions'].includes(tag)))
    .map((method) => ({ method: method.toUpperCase(), path, id: item[method].operationId })));
  assert.deepEqual(operations.map(({ id }) => id).sort(), Object.keys(asked).sort());
  return operations.flatMap(({ method, path, id }) => asked[id].map(([body, query = '']) =>
    [method, path.replace('{id}', encodeURIComponent(path.startsWith('/v1/people/') ? person : session)) + query, body]));
}
