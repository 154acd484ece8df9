import { describe, expect, test } from 'vitest';
import { bridge } from '../test/bridge';
import { panel } from '../test/fixtures';
import { api } from './client';

const answering = (answer: unknown) => {
  bridge.raw = () => Promise.resolve(answer);
};

describe('a call to the server', () => {
  test('gives the answer as a value', async () => {
    bridge.on('GET /v1/panel', panel());
    expect(await api.getPanel()).toMatchObject({ ok: true, value: { version: '1' } });
  });

  test('gives a refusal as a value, with its code and detail', async () => {
    bridge.refuse('GET /v1/panel', 503, { code: 'overloaded', retryAfter: 5 });
    expect(await api.getPanel()).toMatchObject({ ok: false, failure: { code: 'overloaded', retryAfter: 5 } });
  });

  test.each([
    ['a rejection of Forge', undefined],
    ['success without a status', { success: true, payload: {} }],
    ['an error object of Forge', { success: false, error: { message: 'timed out' } }],
  ])('%s means that the server was not reached', async (_, answer) => {
    bridge.raw = () => (answer === undefined ? Promise.reject(new Error('no')) : Promise.resolve(answer));
    expect(await api.getPanel()).toEqual({ ok: false, failure: { code: 'local.no_server' } });
  });

  test('of anything but a question it is not known whether it was done, and creating again is safe', async () => {
    bridge.raw = () => Promise.reject(new Error('no'));
    const codes = [await api.closeSession('s'), await api.deleteAccount(), await api.pair('x'), await api.previewText('x', 'en'), await api.createSession({ idempotencyKey: 'k' })];
    expect(codes.map((answer) => !answer.ok && answer.failure.code)).toEqual([
      'local.no_answer',
      'local.no_answer',
      'local.no_answer',
      'local.no_server',
      'local.no_answer.create',
    ]);
  });

  test.each([
    ['a page of a proxy', { success: true, payload: { status: 502, body: '<html>bad gateway</html>' } }],
    ['a list', { success: true, payload: { status: 200, body: [] } }],
    ['an error without a code', { success: true, payload: { status: 500, body: { oops: true } } }],
  ])('%s is no answer of the server’s own', async (_, answer) => {
    answering(answer);
    expect(await api.getPanel()).toEqual({ ok: false, failure: { code: 'local.unreadable' } });
  });

  test('a body that came as text is read', async () => {
    answering({ success: true, payload: { status: 200, body: JSON.stringify(panel({ version: '7' })) } });
    expect(await api.getPanel()).toMatchObject({ ok: true, value: { version: '7' } });
  });

  test('ids are encoded in the path', async () => {
    bridge.on('DELETE /v1/links/a%2Fb%3Fc', { links: [] });
    expect(await api.deleteLink('a/b?c')).toMatchObject({ ok: true });
  });
});
