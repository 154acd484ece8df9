import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { bridge } from '../test/bridge';
import { account } from '../test/fixtures';
import { show } from '../test/render';
import { AccountPage } from './account';

const kToken = 'grant_0123456789abcdef';
const available = { available: true, allowed: false };
const allowed = { available: true, allowed: true, since: '2026-03-02T09:00:00Z' };
const expired = { ...allowed, allowed: false, expired: true as const };
const grant = { access: 'reports' as const, account: { name: 'Robin H.', email: 'robin@example.com' }, licence: { eligible: true, type: 'Corporate' }, expiresAt: '2026-03-02T10:05:00Z' };
const allow = { name: 'Let Belay bring results back' };

describe('results on the ticket', () => {
  test('are not spoken of where the server has no registration for them', async () => {
    bridge.on('GET /v1/account', account());
    await show(<AccountPage />);
    await screen.findByText('robin@example.com');
    expect(screen.queryByText('Results on the ticket')).toBeNull();
  });

  test('are offered with what they take, and the provider is asked in a tab of its own', async () => {
    bridge.on('GET /v1/account', account({ reports: available }));
    bridge.on('POST /v1/account/start', { url: 'https://support.example.com/oauth/teamviewer/start?state=0123456789abcdef' });
    await show(<AccountPage />);
    expect(await screen.findByText(/only with a Premium or Corporate licence/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', allow));
    await waitFor(() => expect(bridge.opened).toHaveLength(1));
    expect(bridge.called('POST /v1/account/start')[0]?.body).toEqual({ access: 'reports' });
    expect((await screen.findAllByText(/Go on in the tab that opened/)).length).toBeGreaterThan(0);
    bridge.on('GET /v1/account', account({ reports: allowed }));
    document.dispatchEvent(new Event('visibilitychange'));
    expect((await screen.findAllByText(/Results of your sessions come back/)).length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', allow)).toBeNull();
  });

  test('a start that is refused says why', async () => {
    bridge.on('GET /v1/account', account({ reports: available }));
    bridge.refuse('POST /v1/account/start', 409, { code: 'reports_not_available', detail: { provider: 'TeamViewer' } });
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', allow));
    expect((await screen.findByRole('alert')).textContent).toContain('no registration at TeamViewer');
  });

  test('back from the provider the permission is looked at before it is kept', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', account({ reports: available, grant }));
    bridge.on('POST /v1/account/finish', account({ reports: allowed }));
    await show(<AccountPage />);
    expect(await screen.findByText('Is this you on both sides?')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Bring results back' }));
    expect((await screen.findAllByText(/Results of your sessions come back/)).length).toBeGreaterThan(0);
    expect(bridge.called('POST /v1/account/finish')[0]?.body).toEqual({ token: kToken });
    expect(screen.getByText(/Allowed since Mar 2, 2026/)).toBeTruthy();
  });

  test('“This is not me” keeps nothing, and the account stays', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', account({ reports: available, grant }));
    bridge.on('DELETE /v1/account', account({ reports: available }));
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'This is not me' }));
    expect((await screen.findAllByText(/Nothing was allowed/)).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', allow)).toBeTruthy();
  });

  test.each([
    ['reports_need_licence', 'does not include connection records'],
    ['reports_denied', 'gave no leave'],
    ['reports_other_account', 'another TeamViewer account'],
  ])('%s is said in words beside the account', async (code, words) => {
    bridge.location = { pathname: `/problem/${code}`, search: '' };
    bridge.on('GET /v1/account', account({ reports: available }));
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain(words);
    expect(screen.getByRole('button', allow)).toBeTruthy();
  });

  test('a grant of another account is refused in words, and the page stays usable', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', ({ path }) =>
      path.includes('grant=') ? { status: 409, body: { code: 'reports_other_account', message: 'x', detail: { provider: 'TeamViewer' } } } : { status: 200, body: account({ reports: available }) },
    );
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('another TeamViewer account');
    expect(await screen.findByRole('button', allow)).toBeTruthy();
  });

  test('are taken back after a question', async () => {
    bridge.on('GET /v1/account', account({ reports: allowed }));
    bridge.on('DELETE /v1/account/reports', account({ reports: available }));
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Take permission back' }));
    expect(screen.getByText(/your account stays connected/)).toBeTruthy();
    expect(bridge.called('DELETE /v1/account/reports')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Take permission back' }));
    expect((await screen.findAllByText(/no longer come back/)).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', allow)).toBeTruthy();
  });

  test('that ran out say so, and can be allowed again', async () => {
    bridge.on('GET /v1/account', account({ reports: expired }));
    await show(<AccountPage />);
    expect(await screen.findByText(/no longer accepts this permission/)).toBeTruthy();
    expect(screen.getByRole('button', allow)).toBeTruthy();
  });
});
