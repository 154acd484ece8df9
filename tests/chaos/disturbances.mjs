// Trouble that belayd has to live through without being killed. `scene`: what is under way meanwhile (scenes.mjs); `events`: how the events of Jira come
// (relay.mjs).
import { jira, provider } from './rules.mjs';

const create = (more) => provider('POST', '**/sessions', {}, { times: 1, ...more });
const comment = (more) => jira('POST', '**/comment', {}, { times: 1, ...more });
const refusal = (status, headers = {}) => ({ answer: { status, headers, body: status === 429 ? { error: 'rate_limit_reached' } : { error: 'internal_error' } } });
const afterEffect = { answerMoment: 'after', ...refusal(500) };
const limited = (seconds) => refusal(429, { 'Retry-After': `${seconds}` });

export const disturbances = [
  { name: 'provider answers 500', scene: 'create', rules: () => [create(refusal(500))] },
  { name: 'provider answers 429', scene: 'create', rules: () => [create(limited(3))] },
  { name: 'provider drops the request', scene: 'create', rules: () => [create({ drop: 'before' })] },
  { name: 'provider drops the answer', scene: 'create', rules: () => [create({ drop: 'after' })] },
  { name: 'provider answers 500 after the effect', scene: 'create', rules: () => [create(afterEffect)] },
  { name: 'provider answers garbage', scene: 'create', rules: () => [create({ garbage: true })] },
  { name: 'Jira answers 429', scene: 'create', rules: () => [comment({ answer: { status: 429, headers: { 'Retry-After': '7', 'RateLimit-Reason': 'jira-burst-based' }, body: {} } })] },
  { name: 'Jira answers 503', scene: 'create', rules: () => [comment({ answer: { status: 503, body: {} } })] },
  { name: 'Jira drops the answer', scene: 'create', rules: () => [comment({ drop: 'after' })] },
  { name: 'Jira answers 500 after the effect', scene: 'create', rules: () => [comment({ answerMoment: 'after', answer: { status: 500, body: {} } })] },

  { name: 'closing answered 500 after the effect', scene: 'close', rules: ({ code }) => [provider('PUT', `**/sessions/${code}`, {}, { times: 1, ...afterEffect })] },
  { name: 'closing answered 429', scene: 'close', rules: ({ code }) => [provider('PUT', `**/sessions/${code}`, {}, { times: 1, ...limited(5) })] },
  { name: 'closing dropped', scene: 'close', rules: ({ code }) => [provider('PUT', `**/sessions/${code}`, {}, { times: 1, drop: 'before' })] },

  { name: 'closing of the replaced one dropped', scene: 'replace', rules: ({ code }) => [provider('PUT', `**/sessions/${code}`, {}, { times: 1, drop: 'after' })] },

  { name: 'records answered 429', scene: 'report', rules: () => [provider('GET', '**/reports/connections', {}, { times: 1, ...limited(4) })] },
  { name: 'records dropped', scene: 'report', rules: () => [provider('GET', '**/reports/connections', {}, { times: 3, drop: 'after' })] },
  { name: 'report answered 500 after the effect', scene: 'report', rules: ({ id }) => [jira('POST', '**/comment', { bodyHas: id }, { times: 1, answerMoment: 'after', answer: { status: 500, body: {} } })] },
  { name: 'report dropped', scene: 'report', rules: ({ id }) => [jira('POST', '**/comment', { bodyHas: id }, { times: 1, drop: 'after' })] },
  { name: 'worklog answered 429', scene: 'report', rules: ({ id }) => [jira('POST', '**/worklog', { bodyHas: id }, { times: 1, answer: { status: 429, headers: { 'Retry-After': '4' }, body: {} } })] },
  { name: 'worklog dropped', scene: 'report', rules: ({ id }) => [jira('POST', '**/worklog', { bodyHas: id }, { times: 1, drop: 'after' })] },

  { name: 'giving back answered 500 after the effect', scene: 'unlink', rules: () => [provider('POST', '**/OAuth2/revoke', {}, { times: 1, ...afterEffect })] },
  { name: 'giving back dropped', scene: 'unlink', rules: () => [provider('POST', '**/OAuth2/revoke', {}, { times: 1, drop: 'before' })] },

  { name: 'events come twice', scene: 'gone', events: 'doubled', rules: () => [] },
  { name: 'events come in the wrong order', scene: 'gone', events: 'reordered', rules: () => [] },
  { name: 'answers to events are lost', scene: 'gone', events: 'answers lost', rules: () => [] },
];
