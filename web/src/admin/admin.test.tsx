import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test } from 'vitest';
import type { SettingsUpdate } from '../api/types';
import { bridge } from '../test/bridge';
import { emptyPreview, settings } from '../test/fixtures';
import { show } from '../test/render';
import { AdminPage } from './admin';
import { originOf } from './use-server-address';

const link = {
  id: 'l1',
  account: { id: 'robin', name: 'Robin Hale' },
  provider: 'teamviewer',
  providerAccount: { name: 'Robin H.', email: 'robin@example.com' },
  linkedAt: '2026-02-01T09:30:00Z',
  licence: { eligible: true, type: 'Corporate' },
  reports: { available: false, allowed: false },
  openSessions: 1,
};

beforeEach(() => {
  bridge.remote = 'https://support.example.com';
  bridge.on('GET /v1/links', { links: [link] });
  bridge.on('POST /v1/settings/preview', emptyPreview);
});

const ready = async (changes = {}) => {
  bridge.on('GET /v1/settings', settings(changes));
  await show(<AdminPage />);
  await screen.findByRole('tablist', { name: 'Belay settings' });
};
const tab = (name: string) => userEvent.click(screen.getByRole('tab', { name }));
const saved = () => bridge.called('PUT /v1/settings').map(({ body }) => body as SettingsUpdate);

describe('setting up', () => {
  test('without a server, the admin is asked for its address', async () => {
    bridge.remote = null;
    bridge.cut('GET /v1/settings');
    await show(<AdminPage />);
    expect(await screen.findByText('No server yet.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    await userEvent.type(screen.getByLabelText('Server address'), 'https://support.example.com/');
    await userEvent.click(screen.getByRole('button', { name: 'Use this server' }));
    expect(document.activeElement).toBe(await screen.findByLabelText('Pairing code'));
    expect(bridge.remote).toBe('https://support.example.com');
  });

  test('an address that is not https is refused before Jira is asked', async () => {
    bridge.remote = null;
    bridge.cut('GET /v1/settings');
    await show(<AdminPage />);
    await userEvent.type(await screen.findByLabelText('Server address'), 'http://support.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Use this server' }));
    expect(await screen.findByText(/has to begin with https:\/\/ and have no path/)).toBeTruthy();
    expect(bridge.remote).toBeNull();
  });

  test('declining Jira’s question changes nothing, and is said', async () => {
    bridge.remote = null;
    bridge.remoteRefused = true;
    bridge.cut('GET /v1/settings');
    await show(<AdminPage />);
    await userEvent.type(await screen.findByLabelText('Server address'), 'https://support.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Use this server' }));
    expect(await screen.findByText(/Jira did not accept the address/)).toBeTruthy();
  });

  test('the pairing code pairs, and the tabs appear', async () => {
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    await show(<AdminPage />);
    expect(await screen.findByText('runuser -u belay -- belayd pair --config /etc/belay/belay.toml --site https://acme.example')).toBeTruthy();
    expect(screen.queryByText(/trial site/)).toBeNull();
    bridge.on('POST /v1/pairing', { paired: true, installation: settings().installation });
    bridge.on('GET /v1/settings', settings());
    await userEvent.type(screen.getByLabelText('Pairing code'), ' ABCD-EFGH ');
    await userEvent.click(screen.getByRole('button', { name: 'Pair' }));
    expect(await screen.findByText(/Paired since Feb 1, 2026, 10:30.* by .Kim Admin/)).toBeTruthy();
    expect(bridge.called('POST /v1/pairing')[0]?.body).toEqual({ code: 'ABCD-EFGH' });
    expect(screen.queryByText(/settings of before/)).toBeNull();
  });

  test('pairing an app that was installed anew says that everything is there again', async () => {
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    await show(<AdminPage />);
    bridge.on('POST /v1/pairing', { paired: true, anew: true, installation: settings().installation });
    bridge.on('GET /v1/settings', settings());
    await userEvent.type(await screen.findByLabelText('Pairing code'), 'ABCD-EFGH');
    await userEvent.click(screen.getByRole('button', { name: 'Pair' }));
    expect(await screen.findByText(/The app was installed anew\. Sessions, connected accounts and settings of before are here again\./)).toBeTruthy();
  });

  test('the command is copied whole; on a site of the sandbox it is said where the one is that works there', async () => {
    bridge.context.siteUrl = 'http://jira.localhost:8080';
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    const user = userEvent.setup();
    await show(<AdminPage />);
    expect(await screen.findByText(/This is a trial site: .\/run has printed the command/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Copy command' }));
    expect(await navigator.clipboard.readText()).toBe('runuser -u belay -- belayd pair --config /etc/belay/belay.toml --site http://jira.localhost:8080');
    expect(screen.getAllByText('Copied').length).toBeGreaterThan(0);
  });

  test('while all is well nobody is sent to the server', async () => {
    await ready();
    expect(screen.queryByRole('button', { name: 'Copy command' })).toBeNull();
  });

  test.each([
    ['pairing_code_invalid', 403, 'not valid for this site'],
    ['pairing_code_expired', 403, 'older than 15 minutes'],
    ['pairing_attempts_exceeded', 429, 'too many wrong codes'],
  ])('a refused code says why: %s', async (code, status, words) => {
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    bridge.refuse('POST /v1/pairing', status, { code, retryAfter: 600 });
    await show(<AdminPage />);
    await userEvent.type(await screen.findByLabelText('Pairing code'), 'WRONG');
    await userEvent.click(screen.getByRole('button', { name: 'Pair' }));
    expect((await screen.findByRole('alert')).textContent).toContain(words);
  });

  test('paired, it shows health with what to do, and the age of the app token', async () => {
    await ready({
      health: [
        { check: 'storage', ok: true },
        { check: 'provider', ok: false, code: 'provider_unreachable', detail: { provider: 'TeamViewer' } },
      ],
    });
    expect(screen.getByText('The server’s database answers.')).toBeTruthy();
    const bad = screen.getByText(/TeamViewer does not answer the server/);
    expect(screen.getByText('runuser -u belay -- belayd doctor --config /etc/belay/belay.toml')).toBeTruthy();
    expect(bad.textContent).not.toContain('nothing was changed');
    expect(screen.getByRole('button', { name: 'Received 30 min ago' })).toBeTruthy();
  });

  test('a health line says what its code means, and what is only expected is neither red nor green', async () => {
    await ready({
      health: [
        { check: 'provider', ok: false, code: 'provider_refused', detail: { provider: 'TeamViewer' } },
        { check: 'hourly_tick', ok: true, pending: true },
      ],
    });
    expect(screen.getByText(/does not accept the server’s registration/)).toBeTruthy();
    const line = screen.getByText('The first hourly call is expected within the hour.').closest('li');
    expect(line?.className).toBe('health health-pending');
    expect(within(line as HTMLElement).getByLabelText('Not seen yet')).toBeTruthy();
  });

  test('an hourly call that does not come says what to look at, and nothing else', async () => {
    await ready({ health: [{ check: 'hourly_tick', ok: false }] });
    expect(screen.getByText(/hourly call/).textContent).toBe(
      'Jira’s hourly call has not arrived for a while, so the app’s token will run out. Check that Atlassian’s cloud reaches the server’s address.',
    );
  });

  test.each([
    ['invalid_invocation_token', 401, {}, 'did not verify'],
    ['environment_not_allowed', 403, { detail: { environment: 'DEVELOPMENT' } }, 'environment DEVELOPMENT'],
    ['jira_unreachable', 502, {}, 'Jira does not answer'],
    ['storage_unavailable', 503, {}, 'cannot reach its database'],
  ])('whatever the server refuses, its address can be mended: %s', async (code, status, more, words) => {
    bridge.refuse('GET /v1/settings', status, { code, ...more });
    await show(<AdminPage />);
    expect((await screen.findByRole('alert')).textContent).toContain(words);
    await mend();
  });

  test('an answer that no server of ours gives leaves the address to be mended', async () => {
    bridge.raw = (payload) =>
      (payload as { path: string }).path === '/v1/settings'
        ? Promise.resolve({ success: true, payload: { status: 404, body: '<html>somebody else</html>' } })
        : Promise.reject(new Error('no'));
    await show(<AdminPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('could not be read');
    await mend();
  });

  async function mend() {
    const field = screen.getByLabelText('Server address') as HTMLInputElement;
    await waitFor(() => expect(field.value).toBe('https://support.example.com'));
    expect(screen.queryByText('https://support.example.com')).toBeNull();
    bridge.raw = undefined;
    bridge.on('GET /v1/settings', settings());
    await userEvent.clear(field);
    await userEvent.type(field, 'https://right.example.com');
    await userEvent.click(screen.getByRole('button', { name: 'Use this server' }));
    expect(await screen.findByRole('tablist', { name: 'Belay settings' })).toBeTruthy();
    expect(bridge.remote).toBe('https://right.example.com');
    expect(screen.queryByText(/could not be read|did not verify/)).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Use this server' }));
  }

  test('Jira that does not say which server is set is told apart from none', async () => {
    bridge.remoteUnknown = true;
    bridge.cut('GET /v1/settings');
    await show(<AdminPage />);
    expect(await screen.findByText(/does not say at the moment which server is set/)).toBeTruthy();
    expect(screen.queryByText('No server yet.')).toBeNull();
    expect((await screen.findByRole('alert')).textContent).toContain('does not answer');
  });

  test('no pairing code is said at its field', async () => {
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    await show(<AdminPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Pair' }));
    expect(screen.getByText('Type the code that the command shows.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('Pairing code'));
  });

  test('unpairing says what is lost before it does it', async () => {
    await ready();
    bridge.on('DELETE /v1/pairing', { paired: false });
    await userEvent.click(screen.getByRole('button', { name: 'Unpair' }));
    expect(await screen.findByText(/^This concerns 1 connected account and 1 open session\. Every open session .* the server forgets this site/)).toBeTruthy();
    expect(bridge.called('DELETE /v1/pairing')).toEqual([]);
    await userEvent.keyboard('{Escape}');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Unpair' }));
    bridge.cut('GET /v1/links');
    await userEvent.click(screen.getByRole('button', { name: 'Unpair' }));
    expect(await screen.findByText(/^Every open session of this site is closed/)).toBeTruthy();
    bridge.refuse('GET /v1/settings', 403, { code: 'not_paired' });
    await userEvent.click(screen.getByRole('button', { name: 'Unpair' }));
    expect(await screen.findByLabelText('Pairing code')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('main')));
  });

  test('whoever is no Jira admin is told so', async () => {
    bridge.refuse('GET /v1/settings', 403, { code: 'forbidden', detail: { reason: 'not_admin' } });
    await show(<AdminPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('This page is for Jira admins');
    expect(screen.queryByRole('tablist')).toBeNull();
  });

  test.each([
    ['https://support.example.com', 'https://support.example.com'],
    [' https://support.example.com:8443/ ', 'https://support.example.com:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://belay.localhost:8080', 'http://belay.localhost:8080'],
    ['http://support.example.com', undefined],
    ['https://support.example.com/belay', undefined],
    ['https://user:secret@support.example.com', undefined],
    ['javascript:alert(1)', undefined],
    ['support.example.com', undefined],
  ])('an address is an origin: %s', (typed, origin) => {
    expect(originOf(typed)).toBe(origin);
  });
});

describe('settings', () => {
  test('Save settings appears with what changed, saves once, and goes away', async () => {
    await ready();
    expect(screen.queryByRole('button', { name: 'Save settings' })).toBeNull();
    await tab('Sessions');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    await userEvent.click(screen.getByLabelText(/Edit the invitation/));
    expect(screen.getByText('Not saved yet: validity and editing ended invitations')).toBeTruthy();
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 4 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save settings' })).toBeNull());
    expect(saved()).toHaveLength(1);
    expect(saved()[0]).toMatchObject({ version: 3, validityMinutes: 60, editWhenEnded: false });
    expect(screen.getAllByText('Settings saved.').length).toBeGreaterThan(0);
  });

  test('counts on the issue are off until the admin wants them, and say what is written', async () => {
    await ready();
    await tab('Sessions');
    const box = screen.getByRole('checkbox', { name: 'Count launches on the issue' });
    expect(document.getElementById(box.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(/Counts and times only/);
    await userEvent.click(box);
    expect(screen.getByText('Not saved yet: counts on the issue')).toBeTruthy();
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 4 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(saved()[0]).toMatchObject({ countOnIssue: true }));
  });

  test('the default supporter for rules is one of the connected accounts, or nobody', async () => {
    await ready();
    await tab('Sessions');
    const field = screen.getByLabelText('Default supporter for rules') as HTMLSelectElement;
    await waitFor(() => expect([...field.options].map(({ textContent }) => textContent)).toEqual(['Nobody: the rule fails and says so', 'Robin Hale']));
    await userEvent.selectOptions(field, 'Robin Hale');
    expect(screen.getByText('Not saved yet: default supporter')).toBeTruthy();
    bridge.on('PUT /v1/settings', settings({ version: 4, defaultSupporter: 'robin' }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await screen.findAllByText('Settings saved.');
    expect(saved()[0]?.defaultSupporter).toBe('robin');
  });

  test('a default supporter who has disconnected since is still shown as what is saved; without the list it can be tried again', async () => {
    bridge.refuse('GET /v1/links', 503, { code: 'storage_unavailable' });
    await ready({ defaultSupporter: 'gone' });
    await tab('Sessions');
    const field = screen.getByLabelText('Default supporter for rules') as HTMLSelectElement;
    expect(field.value).toBe('gone');
    bridge.on('GET /v1/links', { links: [link] });
    await userEvent.click(within(field.closest('.stack') as HTMLElement).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(field.selectedOptions[0]?.textContent).toBe('Somebody who is no longer connected'));
  });

  test('where a result is written is chosen, with what it needs said beside it', async () => {
    await ready();
    await tab('Sessions');
    const places = screen.getByRole('group', { name: 'What came of a session is written' });
    expect(document.getElementById(places.getAttribute('aria-describedby') ?? '')?.textContent).toMatch(/Let Belay bring results back/);
    await userEvent.click(within(places).getByRole('radio', { name: 'In the invitation, without notes' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Log the time as work of the supporter' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Tell the agent on the issue that the customer is waiting' }));
    await userEvent.click(screen.getByRole('checkbox', { name: 'Customers may ask for remote help in the portal' }));
    expect(screen.getByText('Not saved yet: result of sessions, work log, waiting customer, and customers asking for help')).toBeTruthy();
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 4 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(saved()[0]).toMatchObject({ report: 'invitation', worklog: true, tellOfWaiting: true, customersMayAsk: true }));
  });

  test('a change that is taken back is no change', async () => {
    await ready();
    await tab('Sessions');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '24 hours');
    expect(screen.queryByRole('button', { name: 'Save settings' })).toBeNull();
  });

  test('when somebody else saved meanwhile, their settings are loaded and one’s own change is kept', async () => {
    await ready();
    await tab('Sessions');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    bridge.refuse('PUT /v1/settings', 409, { code: 'settings_changed', detail: { version: 9 } });
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Somebody else saved the settings meanwhile');
    let theyCome = () => {};
    const coming = new Promise<void>((resolve) => (theyCome = resolve));
    bridge.on('GET /v1/settings', async () => {
      await coming;
      return { status: 200, body: settings({ version: 9, teamviewerGroup: 'Theirs' }) };
    });
    await userEvent.click(screen.getByRole('button', { name: 'Load their settings' }));
    // Over the old ones it would be refused again.
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect(saved()).toHaveLength(1);
    theyCome();
    await waitFor(() => expect((screen.getByLabelText(/group for sessions/) as HTMLInputElement).value).toBe('Theirs'));
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 10 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(saved()).toHaveLength(2));
    expect(saved()[1]).toMatchObject({ version: 9, validityMinutes: 60, teamviewerGroup: 'Theirs' });
  });

  test('Discard changes goes back to what is saved', async () => {
    await ready();
    await tab('People');
    await userEvent.type(screen.getByLabelText(/^Jira groups/), 'support{Enter}support{Enter} second ');
    expect(screen.getByText('Not saved yet: allowed groups')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
    expect((screen.getByLabelText(/^Jira groups/) as HTMLTextAreaElement).value).toBe('');
  });

  test('what was discarded can be had back, until something else is changed or another tab is opened', async () => {
    await ready();
    await tab('Sessions');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
    await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
    expect((screen.getByLabelText('A session is valid for') as HTMLSelectElement).value).toBe('60');
    expect(screen.getByText('Not saved yet: validity')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
    await userEvent.click(screen.getByLabelText(/Edit the invitation/));
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
    expect(screen.getByRole('button', { name: 'Undo' })).toBeTruthy();
    await tab('People');
    expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull();
    await tab('Sessions');
    await userEvent.click(screen.getByLabelText(/Edit the invitation/));
    expect(screen.getByText('Not saved yet: editing ended invitations')).toBeTruthy();
  });

  test('leaving the page is asked about while something is unsaved, and only then', async () => {
    const asked = () => {
      const leaving = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(leaving);
      return leaving.defaultPrevented;
    };
    await ready();
    await tab('Sessions');
    expect(asked()).toBe(false);
    await userEvent.click(screen.getByLabelText(/Edit the invitation/));
    expect(asked()).toBe(true);
    await userEvent.click(screen.getByRole('button', { name: 'Discard changes' }));
    expect(asked()).toBe(false);
  });

  test('a refusal that no edit can mend stays until the next save', async () => {
    await ready();
    await tab('Sessions');
    await userEvent.click(screen.getByLabelText(/Edit the invitation/));
    bridge.refuse('PUT /v1/settings', 503, { code: 'storage_unavailable' });
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect((await screen.findByRole('alert')).textContent).toContain('cannot reach its database');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    expect(screen.getByRole('alert')).toBeTruthy();
  });

  test('groups are one a line, trimmed and each once', async () => {
    await ready();
    await tab('People');
    await userEvent.type(screen.getByLabelText(/^Jira groups/), 'support{Enter}support{Enter} second line ');
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 4 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(saved()[0]?.allowedGroups).toEqual(['support', 'second line']));
  });

  test('a group that Jira does not have is named where it stands, until it is gone from there', async () => {
    await ready();
    await tab('People');
    const groups = screen.getByLabelText(/^Jira groups/);
    await userEvent.type(groups, 'suport{Enter}staff{Enter}second lin');
    await tab('Sessions');
    bridge.refuse('PUT /v1/settings', 400, { code: 'invalid_field', detail: { field: 'allowedGroups', rule: 'unknown_group', names: ['suport', 'second lin'] } });
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Jira groups: Jira has no groups called “suport” and “second lin”. Nothing was changed.');
    expect(document.activeElement).toBe(groups);
    const problem = () => document.getElementById(groups.getAttribute('aria-describedby')?.split(' ')[1] ?? '')?.textContent;
    expect(problem()).toBe('Jira has no groups called “suport” and “second lin”. Spell the names as Jira does.');
    await userEvent.type(groups, 'e');
    expect(problem()).toBe('Jira has no group called “suport”. Spell the name as Jira does.');
    await userEvent.clear(groups);
    expect(problem()).toBeUndefined();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(groups.getAttribute('aria-invalid')).not.toBe('true');
  });

  test('licences can be listed by type', async () => {
    await ready();
    await tab('People');
    await userEvent.click(screen.getByLabelText('Only these types'));
    expect(screen.getByText('Name at least one type.')).toBeTruthy();
    await tab('Sessions');
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect(screen.getByRole('alert').textContent).toContain('“Only these types” is chosen, but no type is named, so nothing was saved');
    expect(saved()).toEqual([]);
    expect(document.activeElement).toBe(screen.getByLabelText('Types of licence'));
    await userEvent.type(screen.getByLabelText('Types of licence'), 'Corporate');
    bridge.on('PUT /v1/settings', ({ body }) => ({ status: 200, body: settings({ ...(body as SettingsUpdate), version: 4 }) }));
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    await waitFor(() => expect(saved()[0]?.eligibleLicences).toEqual({ policy: 'listed', types: ['Corporate'] }));
  });
});

describe('the customer text', () => {
  test('a variable inserts itself where the caret is', async () => {
    await ready();
    await tab('Customer text');
    const field = screen.getByLabelText('Customer text', { selector: 'textarea' }) as HTMLTextAreaElement;
    field.setSelectionRange(6, 6);
    await userEvent.click(screen.getByRole('button', { name: 'Customer’s name' }));
    expect(field.value).toBe('Hello,{{customer.name}} open {{session.link}}');
    expect(screen.getByText('Not saved yet: customer text (English)')).toBeTruthy();
  });

  test('the preview is the document that the server made', async () => {
    bridge.on('POST /v1/settings/preview', {
      document: {
        type: 'doc',
        version: 1,
        content: [
          {
            type: 'paragraph',
            content: [
              { type: 'text', text: 'Open ' },
              { type: 'text', text: 'https://get.example/1', marks: [{ type: 'link', attrs: { href: 'https://get.example/1' } }] },
              { type: 'hardBreak' },
              { type: 'date', attrs: { timestamp: '1772409600000' } },
              { type: 'text', text: 'never', marks: [{ type: 'link', attrs: { href: 'javascript://x/%0aalert(1)' } }] },
            ],
          },
        ],
      },
      problems: [],
    });
    await ready();
    await tab('Customer text');
    const preview = await screen.findByRole('region', { name: 'Preview' });
    expect((await within(preview).findByText('https://get.example/1')).tagName).toBe('A');
    expect(within(preview).getByText('Mar 2, 2026')).toBeTruthy();
    expect(within(preview).getByText(/never/).closest('a')).toBeNull();
  });

  test('a broken variable is underlined where it stands, after characters outside the basic plane too', async () => {
    const text = '👋 {{session.link}} {{sesion.code}}';
    bridge.on('POST /v1/settings/preview', {
      ...emptyPreview,
      problems: [{ code: 'unknown_variable', offset: [...'👋 {{session.link}} '].length, length: '{{sesion.code}}'.length, name: 'sesion.code' }],
    });
    await ready({ customerText: { en: text, fr: '{{session.link}}' } });
    await tab('Customer text');
    // Shown, and a moment later said.
    expect((await screen.findAllByText('There is no variable “sesion.code”.')).length).toBeGreaterThan(0);
    expect([...document.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['{{sesion.code}}']);
    await userEvent.click(screen.getByRole('button', { name: 'Show the place' }));
    const field = screen.getByLabelText('Customer text', { selector: 'textarea' }) as HTMLTextAreaElement;
    expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe('{{sesion.code}}');
  });

  test('a text that does not say until when the link is valid is no mistake, and is said to lack that', async () => {
    bridge.on('POST /v1/settings/preview', emptyPreview);
    await ready({ customerText: { en: 'Follow {{session.link}}', fr: '{{session.link}}' } });
    await tab('Customer text');
    expect(await screen.findByText(/does not say until when the link is valid/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Valid until' }));
    await waitFor(() => expect(screen.queryByText(/does not say until when the link is valid/)).toBeNull());
  });

  test('a text that is refused on saving leads to its language, and nothing is lost', async () => {
    await ready();
    await tab('Sessions');
    await userEvent.selectOptions(screen.getByLabelText('A session is valid for'), '1 hour');
    bridge.refuse('PUT /v1/settings', 400, {
      code: 'customer_text_invalid',
      detail: { language: 'fr', problems: [{ code: 'missing_link', offset: 0, length: 0 }] },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect((await screen.findByRole('alert')).textContent).toContain('nothing was saved');
    expect(screen.getByRole('tab', { name: 'Customer text' }).getAttribute('aria-selected')).toBe('true');
    expect(screen.getByRole('tab', { name: 'French' }).getAttribute('aria-selected')).toBe('true');
    expect(screen.getByRole('button', { name: 'Save settings' })).toBeTruthy();
  });

  test('the refusal of a text goes with the edit that mends it, and not before', async () => {
    const missing = [{ code: 'missing_link', offset: 0, length: 0 }];
    bridge.on('POST /v1/settings/preview', ({ body }) => ({ status: 200, body: { ...emptyPreview, problems: (body as { text: string }).text.includes('{{session.link}}') ? [] : missing } }));
    await ready();
    await tab('Customer text');
    const field = screen.getByLabelText('Customer text', { selector: 'textarea' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Hello');
    bridge.refuse('PUT /v1/settings', 400, { code: 'customer_text_invalid', detail: { language: 'en', problems: missing } });
    await userEvent.click(screen.getByRole('button', { name: 'Save settings' }));
    expect((await screen.findByRole('alert')).textContent).toContain('nothing was saved');
    const previews = () => bridge.called('POST /v1/settings/preview').length;
    const before = previews();
    await userEvent.type(field, ', follow ');
    await waitFor(() => expect(previews()).toBeGreaterThan(before));
    expect(screen.getByRole('alert')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Session link' }));
    await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
    expect(screen.getByRole('button', { name: 'Save settings' })).toBeTruthy();
  });

  test('the default language says for whom it is, and the bar stands behind all that can be changed', async () => {
    await ready();
    await tab('Customer text');
    expect((screen.getByLabelText('Default language') as HTMLSelectElement).value).toBe('en');
    expect(screen.getByText(/one of these languages in Jira gets the text in it/)).toBeTruthy();
    await userEvent.selectOptions(screen.getByLabelText('Default language'), 'French');
    const bar = screen.getByRole('region', { name: 'Save settings' });
    expect(bar.compareDocumentPosition(screen.getByRole('tabpanel', { name: 'Customer text' }))).toBe(Node.DOCUMENT_POSITION_PRECEDING);
    expect(bar.compareDocumentPosition(screen.getByRole('tablist', { name: 'Belay settings' }))).toBe(Node.DOCUMENT_POSITION_PRECEDING);
  });

  test('Reset to default brings the default text of that language back', async () => {
    await ready();
    await tab('Customer text');
    await tab('French');
    await userEvent.click(screen.getByRole('button', { name: 'Reset to default' }));
    expect((screen.getByLabelText('Customer text', { selector: 'textarea' }) as HTMLTextAreaElement).value).toBe('Défaut {{session.link}}');
    expect(screen.getByText('Not saved yet: customer text (French)')).toBeTruthy();
  });

  test('a preview that fails can be tried again', async () => {
    bridge.cut('POST /v1/settings/preview');
    await ready();
    await tab('Customer text');
    const preview = await screen.findByRole('region', { name: 'Preview' });
    expect(await within(preview).findByText(/does not answer/)).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('does not answer'));
    bridge.on('POST /v1/settings/preview', emptyPreview);
    await userEvent.click(within(preview).getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(within(preview).queryByText(/does not answer/)).toBeNull());
  });
});

describe('connected accounts', () => {
  test('each stands with both names, and can be disconnected after a question', async () => {
    await ready();
    await tab('People');
    expect(await screen.findByText('Robin H.')).toBeTruthy();
    bridge.on('DELETE /v1/links/l1', { links: [] });
    await userEvent.click(screen.getByRole('button', { name: 'Disconnect Robin Hale' }));
    expect(screen.getByText(/1 open session of .Robin Hale. is closed/)).toBeTruthy();
    expect(bridge.called('DELETE /v1/links/l1')).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Disconnect' }));
    expect(await screen.findByText('Nobody has connected an account yet.')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('region', { name: 'Connected accounts' })));
  });

  test('whoever has to connect again is named as such, and nobody else', async () => {
    const other = { ...link, id: 'l2', account: { id: 'ann', name: 'Ann Ito' }, expired: true };
    bridge.on('GET /v1/links', { links: [link, other] });
    await ready();
    await tab('People');
    const row = (await screen.findByText('Has to connect again')).closest('tr')!;
    expect(within(row).getByText('Ann Ito')).toBeTruthy();
  });

  test('where the server may ask for records, each account says whether results come back with it', async () => {
    const of = (name: string, reports: object) => ({ ...link, id: name, account: { id: name, name }, reports: { available: true, allowed: false, ...reports } });
    bridge.on('GET /v1/links', { links: [of('Ann', { allowed: true }), of('Ben', { expired: true }), of('Cem', {})] });
    await ready();
    await tab('People');
    expect(await screen.findByRole('columnheader', { name: 'Results on the ticket' })).toBeTruthy();
    const said = (name: string, words: string) => within(screen.getByText(name, { selector: 'bdi' }).closest('tr')!).getByText(words);
    expect(said('Ann', 'Allowed')).toBeTruthy();
    expect(said('Ben', 'Has to be allowed again')).toBeTruthy();
    expect(said('Cem', 'Not allowed')).toBeTruthy();
  });

  test('where it may not, nothing is said of results', async () => {
    await ready();
    await tab('People');
    await screen.findByText('Robin H.');
    expect(screen.queryByRole('columnheader', { name: 'Results on the ticket' })).toBeNull();
  });

  test('a list that cannot be had says so, and can be tried again', async () => {
    bridge.cut('GET /v1/links');
    await ready();
    await tab('People');
    const retry = within(await screen.findByRole('region', { name: 'Connected accounts' })).getByRole('button', { name: 'Try again' });
    bridge.on('GET /v1/links', { links: [] });
    await userEvent.click(retry);
    expect(await screen.findByText('Nobody has connected an account yet.')).toBeTruthy();
  });

  test('the tabs move by arrow keys', async () => {
    await ready();
    screen.getByRole('tab', { name: 'Set-up' }).focus();
    await userEvent.keyboard('{ArrowRight}');
    expect(document.activeElement?.textContent).toBe('Customer text');
    await userEvent.keyboard('{End}');
    expect(screen.getByRole('tab', { name: 'Reports' }).getAttribute('aria-selected')).toBe('true');
  });
});
