import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bridge } from '../test/bridge';
import { account, notLinked } from '../test/fixtures';
import { show } from '../test/render';
import { AccountPage } from './account';
import { readReturn } from './return';

const kToken = 'grant_0123456789abcdef';
const grant = { access: 'account' as const, account: { name: 'Robin H.', email: 'robin@example.com' }, licence: { eligible: true, type: 'Corporate' }, expiresAt: '2026-03-02T10:05:00Z' };

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
    expect(screen.getByText('An active paid licence is needed; this account has none.')).toBeTruthy();
  });

  test('a licence that is not eligible can be looked at again: the same is said, and another one shows', async () => {
    bridge.on('GET /v1/account', account({ licence: { eligible: false, type: 'Free', reason: 'free' } }));
    bridge.on('POST /v1/account/check', account({ licence: { eligible: false, type: 'Free', reason: 'free' } }));
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Look again' }));
    expect(await screen.findByText('Looked again: An active paid licence is needed; this account has none.', { selector: 'section p' })).toBeTruthy();
    bridge.on('POST /v1/account/check', account());
    await userEvent.click(screen.getByRole('button', { name: 'Look again' }));
    expect(await screen.findByText('Eligible')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Look again' })).toBeNull();
  });

  test('Disconnect says what happens to open sessions before it does it', async () => {
    bridge.on('GET /v1/account', account({ openSessions: 2 }));
    bridge.on('DELETE /v1/account', notLinked());
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Disconnect' }));
    expect(screen.getByText(/Your 2 open sessions are closed first/)).toBeTruthy();
    expect(bridge.called('DELETE /v1/account')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }));
    expect((await screen.findAllByText(/Belay now closes your open sessions/)).length).toBeGreaterThan(0);
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
    expect((await screen.findAllByText('Nothing was connected. Belay gives the permission back to TeamViewer.')).length).toBeGreaterThan(0);
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

  describe('while another tab has the provider’s page', () => {
    const gone = async () => {
      bridge.on('GET /v1/account', notLinked());
      bridge.on('POST /v1/account/start', { url: 'https://support.example.com/oauth/teamviewer/start?state=0123456789abcdef' });
      await show(<AccountPage />);
      const connect = await screen.findByRole('button', { name: 'Connect' });
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
      fireEvent.click(connect);
      await vi.waitFor(() => expect(screen.getAllByText(/This page follows once you have finished there/).length).toBeGreaterThan(0));
    };
    const asked = () => bridge.called('GET /v1/account').length;
    afterEach(() => vi.useRealTimers());

    test('it asks every few seconds, quietly, and follows', async () => {
      await gone();
      const before = asked();
      await act(() => vi.advanceTimersByTimeAsync(13_000));
      expect(asked() - before).toBe(2);
      bridge.cut('GET /v1/account');
      await act(() => vi.advanceTimersByTimeAsync(6_000));
      expect(screen.queryByRole('alert')).toBeNull();
      bridge.on('GET /v1/account', account());
      await act(() => vi.advanceTimersByTimeAsync(6_000));
      expect(screen.getAllByText('Connected.').length).toBeGreaterThan(0);
      const after = asked();
      await act(() => vi.advanceTimersByTimeAsync(60_000));
      expect(asked()).toBe(after);
    });

    test('it stops after a quarter of an hour, and says no more that it follows', async () => {
      await gone();
      await act(() => vi.advanceTimersByTimeAsync(15 * 60_000));
      expect(screen.queryByText(/This page follows/)).toBeNull();
      const before = asked();
      await act(() => vi.advanceTimersByTimeAsync(60_000));
      expect(asked()).toBe(before);
    });

    test('a consent that was denied there is said here too', async () => {
      await gone();
      vi.useRealTimers();
      const other = new BroadcastChannel('belay-account');
      other.postMessage({ code: 'consent_denied' });
      expect((await screen.findByRole('alert')).textContent).toContain('consent at TeamViewer was not given');
      expect(screen.queryByText(/This page follows/, { selector: '.actions span' })).toBeNull();
      other.close();
    });
  });

  test('the tab that came back from the provider tells the others, and says that it can be closed', async () => {
    const heard: unknown[] = [];
    const other = new BroadcastChannel('belay-account');
    other.onmessage = ({ data }) => heard.push(data);
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant }));
    bridge.on('POST /v1/account/finish', account());
    await show(<AccountPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Finish connecting' }));
    expect(await screen.findByText('You can close this tab: the page from which you came goes on by itself.')).toBeTruthy();
    await waitFor(() => expect(heard).toEqual([{}]));
    other.close();
  });

  test('who came from an issue is offered the way back once an account is connected, after a reload too', async () => {
    bridge.location = { pathname: '/from/HELP-12', search: '' };
    bridge.on('GET /v1/account', notLinked());
    await show(<AccountPage />);
    await screen.findByRole('button', { name: 'Connect' });
    expect(screen.queryByRole('button', { name: 'Go back to HELP-12' })).toBeNull();
    bridge.on('GET /v1/account', account());
    document.dispatchEvent(new Event('visibilitychange'));
    await userEvent.click(await screen.findByRole('button', { name: 'Go back to HELP-12' }));
    expect(bridge.opened).toEqual([{ url: '/browse/HELP-12', type: 'same-tab' }]);
    expect(bridge.replaced).toEqual([]);
  });

  test('an account whose licence is not eligible can be connected, and it is said first that sessions will not work', async () => {
    bridge.location = { pathname: `/finish/${kToken}`, search: '' };
    bridge.on('GET /v1/account', notLinked({ grant: { ...grant, licence: { eligible: false, type: 'Free', reason: 'free' } } }));
    await show(<AccountPage />);
    expect(await screen.findByText(/Sessions will not work with this account\. An active paid licence is needed; this account has none\./)).toBeTruthy();
    expect(screen.getAllByRole('listitem').map(({ textContent }) => textContent?.replace(/[\u2068\u2069]/g, ''))).toEqual(['Account: Robin H.', 'Licence: Free', 'Paid: no']);
    bridge.on('POST /v1/account/finish', account({ licence: { eligible: false, type: 'Free', reason: 'free' } }));
    await userEvent.click(screen.getByRole('button', { name: 'Finish connecting' }));
    expect((await screen.findAllByText('Connected.')).length).toBeGreaterThan(0);
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
    ['/from/HELP-12', '', { kind: 'none', issue: 'HELP-12' }],
    ['/from/..%2Fx-1', '', { kind: 'none' }],
    ['/from/HELP-12/more', '', { kind: 'none' }],
  ])('%s%s', (pathname, search, expected) => {
    expect(readReturn(pathname, search)).toEqual(expected);
  });
});
