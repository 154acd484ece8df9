import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { bridge } from '../test/bridge';
import { account, notLinked } from '../test/fixtures';
import { show } from '../test/render';
import { AccountPage } from './account';
import { readReturn } from './return';

const kToken = 'grant_0123456789abcdef';
const grant = { account: { name: 'Robin H.', email: 'robin@example.com' }, licence: { eligible: true, type: 'Corporate' }, expiresAt: '2026-03-02T10:05:00Z' };

describe('the personal page', () => {
  test('not linked, it says what will be asked and offers Connect', async () => {
    bridge.on('GET /v1/account', notLinked());
    await show(<AccountPage />);
    expect(await screen.findByText(/see your name, address and licence at TeamViewer/)).toBeTruthy();
    bridge.on('POST /v1/account/start', { url: 'https://support.example.com/oauth/teamviewer/start?state=0123456789abcdef' });
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await waitFor(() =>
      expect(bridge.opened).toEqual([{ url: 'https://support.example.com/oauth/teamviewer/start?state=0123456789abcdef', type: 'new-tab' }]),
    );
    expect((await screen.findAllByText(/Go on in the tab that opened/)).length).toBeGreaterThan(0);
  });

  test('linked, it shows account, licence, since when, and what Belay may do', async () => {
    bridge.on('GET /v1/account', account());
    await show(<AccountPage />);
    expect(await screen.findByText('robin@example.com')).toBeTruthy();
    expect(screen.getByText('Corporate')).toBeTruthy();
    expect(screen.getByText('Eligible')).toBeTruthy();
    expect(screen.getByText(/Connected since Feb 1, 2026, 10:30/)).toBeTruthy();
    expect(screen.getByText('create, see and close support sessions in your name')).toBeTruthy();
  });

  test('a licence that is not eligible is named with its reason', async () => {
    bridge.on('GET /v1/account', account({ licence: { eligible: false, type: 'Free', reason: 'free' } }));
    await show(<AccountPage />);
    expect(await screen.findByText('Not eligible')).toBeTruthy();
    expect(screen.getByText('The account has no paid licence.')).toBeTruthy();
  });

  test('Disconnect says what happens to open sessions before it does it', async () => {
    bridge.on('GET /v1/account', account({ openSessions: 2 }));
    bridge.on('DELETE /v1/account', notLinked());
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect' }));
    expect(screen.getByText(/Your 2 open sessions are closed first/)).toBeTruthy();
    expect(bridge.called('DELETE /v1/account')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }));
    expect((await screen.findAllByText(/Belay has forgotten the account/)).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Connect' })).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });

  test('staying connected changes nothing', async () => {
    bridge.on('GET /v1/account', account({ openSessions: 1 }));
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect' }));
    expect(screen.getByText(/Your 1 open session is closed first/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Stay connected' }));
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Disconnect' }));
    await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }));
    await userEvent.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Disconnect' }));
    expect(bridge.calls).toHaveLength(1);
  });

  test('back from the provider, both identities stand side by side, and nothing is linked until Finish connecting', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant }));
    bridge.on('POST /v1/account/finish', account());
    await show(<AccountPage />);
    expect(await screen.findByText('Is this you on both sides?')).toBeTruthy();
    expect(bridge.replaced).toEqual(['/']);
    expect(bridge.calls.map(({ path }) => path)).toEqual([`/v1/account?grant=${kToken}`]);
    expect(screen.getByText('Robin Hale')).toBeTruthy();
    expect(screen.getByText('robin@example.com')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Finish connecting' }));
    expect((await screen.findAllByText('Connected.')).length).toBeGreaterThan(0);
    expect(bridge.called('POST /v1/account/finish')[0]?.body).toEqual({ token: kToken });
  });

  test('the token is out of the address as soon as it is read, and another try still has it', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.cut('GET /v1/account');
    await show(<AccountPage />);
    await screen.findByRole('alert');
    expect(bridge.replaced).toEqual(['/']);
    bridge.on('GET /v1/account', notLinked({ grant }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Is this you on both sides?')).toBeTruthy();
    expect(bridge.calls.map(({ path }) => path)).toEqual([`/v1/account?grant=${kToken}`, `/v1/account?grant=${kToken}`]);
  });

  test('“This is not me” that gets no answer says so, and can be pressed again', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant }));
    bridge.cut('DELETE /v1/account');
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'This is not me' }));
    expect((await screen.findByRole('alert')).textContent).toContain('not known whether it was done');
    bridge.on('DELETE /v1/account', notLinked());
    await userEvent.click(screen.getByRole('button', { name: 'This is not me' }));
    expect((await screen.findAllByText(/Nothing was connected/)).length).toBeGreaterThan(0);
  });

  test('“This is not me” gives the grant back and links nothing', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant }));
    await show(<AccountPage />);
    bridge.on('DELETE /v1/account', notLinked());
    await userEvent.click(await screen.findByRole('button', { name: 'This is not me' }));
    expect((await screen.findAllByText('Nothing was connected, and the permission was given back to TeamViewer.')).length).toBeGreaterThan(0);
    expect(bridge.called('DELETE /v1/account').map(({ path }) => path)).toEqual([`/v1/account?grant=${kToken}`]);
    expect(bridge.called('POST /v1/account/finish')).toEqual([]);
    expect(bridge.replaced).toEqual(['/']);
  });

  test('somebody else’s grant is refused in words, and the page stays usable', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', ({ path }) =>
      path.includes('grant=') ? { status: 403, body: { code: 'grant_not_yours', message: 'x' } } : { status: 200, body: notLinked() },
    );
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('begun by somebody else');
    expect(await screen.findByRole('button', { name: 'Connect' })).toBeTruthy();
    expect(bridge.replaced).toEqual(['/']);
  });

  test('a grant that has run out while it was looked at says so', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant }));
    bridge.refuse('POST /v1/account/finish', 410, { code: 'grant_expired' });
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Finish connecting' }));
    expect((await screen.findByRole('alert')).textContent).toContain('within 5 minutes');
  });

  test('a consent that was not given is said in words', async () => {
    bridge.location = { pathname: '/problem/consent_denied', search: '' };
    bridge.on('GET /v1/account', notLinked());
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('consent at TeamViewer was not given');
    expect(screen.getByRole('button', { name: 'Connect' })).toBeTruthy();
  });

  test('where the host has no history, the address in the context is read', async () => {
    bridge.context.extension = { location: `https://acme.example/jira/settings/personal/apps/a/e/finish/${kToken}` };
    bridge.on('GET /v1/account', notLinked({ grant }));
    await show(<AccountPage />);
    expect(await screen.findByText('Is this you on both sides?')).toBeTruthy();
  });

  test('a server that is not there gives words and another try', async () => {
    bridge.cut('GET /v1/account');
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('does not answer');
    bridge.on('GET /v1/account', notLinked());
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('button', { name: 'Connect' })).toBeTruthy();
  });

  test('a site that is not paired is told so', async () => {
    bridge.refuse('GET /v1/account', 403, { code: 'not_paired' });
    await show(<AccountPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('not paired');
  });

  test('a page that waits in another tab sees that linking was finished', async () => {
    bridge.on('GET /v1/account', notLinked());
    await show(<AccountPage />);
    await screen.findByRole('button', { name: 'Connect' });
    bridge.on('GET /v1/account', account());
    document.dispatchEvent(new Event('visibilitychange'));
    expect(await screen.findByText('robin@example.com')).toBeTruthy();
  });

  test('speaks French to a French reader', async () => {
    bridge.on('GET /v1/account', notLinked());
    await show(<AccountPage />, 'fr-FR');
    expect(await screen.findByRole('button', { name: 'Connecter' })).toBeTruthy();
  });
});

describe('how the browser came back', () => {
  test.each([
    ['/finish/' + kToken, '', { kind: 'finish', token: kToken }],
    ['/', `?grant=${kToken}`, { kind: 'finish', token: kToken }],
    ['/problem/consent_denied', '', { kind: 'problem', code: 'consent_denied' }],
    ['/', '', { kind: 'none' }],
    ['/finish/short', '', { kind: 'none' }],
    ['/finish/' + 'x'.repeat(300), '', { kind: 'none' }],
    ['/finish/has%20spaces%20in%20it%20', '', { kind: 'none' }],
    ['/problem/<script>', '', { kind: 'none' }],
  ])('%s%s', (pathname, search, expected) => {
    expect(readReturn(pathname, search)).toEqual(expected);
  });
});
