// What the contract judges do to make belayd speak: sessions from beginning to end, and the waiting between.
import { until } from '../harness/wait.mjs';

/** The session once `wanted(session)` is true. */
export async function sessionWhen(agent, id, what, wanted, options) {
  let session;
  try {
    return await until(what, async () => {
      ({ session } = await agent.expect(200, 'GET', `/v1/sessions/${id}`));
      return wanted(session) ? session : undefined;
    }, options);
  } catch (error) {
    error.message += `; it stood so: ${JSON.stringify(session)}`;
    throw error;
  }
}

export async function create(agent, body = {}) {
  return (await agent.expect(202, 'POST', '/v1/sessions', body)).session;
}

/** Made at the provider, with its invitation written where there is one. */
export function opened(agent, id, options) {
  return sessionWhen(agent, id, 'the session is open and its invitation written', ({ state, steps }) => state === 'open' && ['none', 'done'].includes(steps.invitation), options);
}

/** Closed here and at the provider. */
export async function close(agent, id) {
  await agent.expect(202, 'POST', `/v1/sessions/${id}/close`, {});
  return sessionWhen(agent, id, 'the session is closed at the provider', ({ state, steps }) => state === 'closed' && steps.closing === 'done');
}

/** Waits until the sandbox holds a request. */
export function held(sandbox) {
  return until('a request is held', async () => (await sandbox.faultState()).holding.length > 0);
}

/** The settings as PUT takes them, after `change`. */
export async function saveSettings(admin, change) {
  const { installation: _i, health: _h, defaults: _d, ...now } = await admin.expect(200, 'GET', '/v1/settings');
  return admin.expect(200, 'PUT', '/v1/settings', { ...now, ...change(now) });
}
