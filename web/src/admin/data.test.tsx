import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AccountDataAnswer, RetentionAnswer } from '../api/types';
import { bridge, type Call } from '../test/bridge';
import { settings } from '../test/fixtures';
import { show } from '../test/render';
import * as files from '../ui/save-file';
import { AdminPage } from './admin';

const nothing = { sessions: 0, entries: 0, others: 0, total: 0 };
const retention = (changes: Partial<RetentionAnswer> = {}): RetentionAnswer => ({ days: 0, toErase: nothing, oldest: '2025-03-02T10:00:00Z', ...changes });
const data = (changes: Partial<AccountDataAnswer> = {}): AccountDataAnswer => ({
  account: { id: 'robin', name: 'Robin Hale' },
  linked: true,
  openSessions: 2,
  kept: { sessions: 3, entries: 40, mappings: 1, invitations: 0, asks: 2, issues: 1 },
  ...changes,
});
const daysOf = ({ path }: Call) => new URLSearchParams(path.split('?')[1] ?? '').get('days');
const saved = () => bridge.called('PUT /v1/settings').map(({ body }) => body as { retentionDays: number });

beforeEach(() => {
  bridge.remote = 'https://support.example.com';
  bridge.on('GET /v1/links', { links: [] });
  bridge.on('GET /v1/settings', settings());
  bridge.on('GET /v1/retention', retention());
  bridge.on('GET /v1/accounts', { accounts: [{ id: 'robin', name: 'Robin Hale' }, { id: 'ghost' }], reportedAt: '2026-03-01T10:00:00Z' });
  bridge.on('GET /v1/accounts/robin', data());
});

const open = async () => {
  await show(<AdminPage />);
  await userEvent.click(await screen.findByRole('tab', { name: 'Data' }));
  await screen.findByText(/The oldest of what can be erased/);
};
const choose = async (days: string) => {
  await userEvent.click(screen.getByRole('radio', { name: 'For a number of days' }));
  const field = screen.getByLabelText('Days');
  await userEvent.clear(field);
  if (days) await userEvent.type(field, days);
  await userEvent.click(screen.getByRole('button', { name: 'Change how long' }));
};

describe('how long data is kept', () => {
  test('asks for nothing before its tab is opened', async () => {
    await show(<AdminPage />);
    await screen.findByRole('tab', { name: 'Data' });
    expect(bridge.called('GET /v1/retention')).toEqual([]);
    expect(bridge.called('GET /v1/accounts')).toEqual([]);
  });

  test.each(['', '0', '-1', '3651', '1.5', 'x7', '7 d'])('“%s” days are refused where they stand, and nothing is asked', async (days) => {
    await open();
    await choose(days);
    expect(screen.getByText('This takes a whole number from 1 to 3,650.')).toBeTruthy();
    expect(screen.getByLabelText('Days').getAttribute('aria-invalid')).toBe('true');
    expect(bridge.called('GET /v1/retention').map(daysOf)).toEqual([null]);
    expect(saved()).toEqual([]);
  });

  test('says what would go and asks before it does; declined, nothing is saved', async () => {
    await open();
    bridge.on('GET /v1/retention', (call: Call) => ({ status: 200, body: retention(daysOf(call) === '30' ? { toErase: { sessions: 1, entries: 1200, others: 0, total: 1201 } } : {}) }));
    await choose('30');
    const question = await screen.findByText(/Older than 30 days: 1 session and 1,200 entries of the audit log\./);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(question.isConnected).toBe(false);
    expect(document.activeElement?.textContent).toBe('Change how long');
    expect(saved()).toEqual([]);
    await userEvent.keyboard('{Enter}');
    bridge.on('PUT /v1/settings', ({ body }: Call) => ({ status: 200, body: settings({ version: 4, retentionDays: (body as { retentionDays: number }).retentionDays }) }));
    bridge.on('GET /v1/settings', settings({ version: 4, retentionDays: 30 }));
    bridge.on('GET /v1/retention', retention({ days: 30, running: { erased: 200, toErase: 1201, since: '2026-03-02T10:00:00Z' } }));
    await userEvent.click(await screen.findByRole('button', { name: 'Change and erase' }));
    await waitFor(() => expect(saved()).toMatchObject([{ version: 3, retentionDays: 30, worklog: false }]));
    await screen.findByText('200 of 1,201 erased');
    await waitFor(() => expect(document.activeElement?.getAttribute('aria-labelledby')).toBe('retention-title'));   // the button is back, and off
    const bar = screen.getByRole('progressbar', { name: 'Erasing' }) as HTMLProgressElement;
    expect([bar.value, bar.max]).toEqual([200, 1201]);
  });

  test('nothing that would go is no question', async () => {
    await open();
    bridge.on('PUT /v1/settings', settings({ version: 4, retentionDays: 365 }));
    bridge.on('GET /v1/settings', settings({ version: 4, retentionDays: 365 }));
    await choose('365');
    await waitFor(() => expect(saved()).toHaveLength(1));
    expect(screen.queryByRole('button', { name: 'Change and erase' })).toBeNull();
  });

  test('an erase that runs is shown when the page is opened, followed to its end, and told of', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    bridge.on('GET /v1/settings', settings({ retentionDays: 30 }));
    bridge.on('GET /v1/retention', retention({ days: 30, running: { erased: 5, toErase: 10, since: '2026-03-02T10:00:00Z' } }));
    await show(<AdminPage />);
    await userEvent.setup({ advanceTimers: vi.advanceTimersByTime }).click(await screen.findByRole('tab', { name: 'Data' }));
    await screen.findByText('5 of 10 erased');
    bridge.on('GET /v1/retention', retention({ days: 30, last: { erased: { sessions: 0, entries: 10, others: 0, total: 10 }, at: '2026-03-02T10:00:00Z' } }));
    await vi.advanceTimersByTimeAsync(1100);
    expect((await screen.findAllByText(/Erased last on .*: 10 entries of the audit log\./)).length).toBeGreaterThan(0);
    expect(screen.queryByRole('progressbar')).toBeNull();
    const count = bridge.called('GET /v1/retention').length;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(bridge.called('GET /v1/retention')).toHaveLength(count);
    vi.useRealTimers();
  });

  test('what somebody else saved meanwhile is said, and can be loaded; a server that does not answer is said too', async () => {
    await open();
    bridge.refuse('PUT /v1/settings', 409, { code: 'settings_changed', detail: { version: 9 } });
    await choose('365');
    await userEvent.click(await screen.findByRole('button', { name: 'Load their settings' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Load their settings' })).toBeNull());
    bridge.cut('GET /v1/retention');
    await userEvent.click(screen.getByRole('button', { name: 'Change how long' }));
    expect(await screen.findByRole('alert')).toBeTruthy();
  });
});

const look = async (who = 'Robin Hale') => {
  await userEvent.selectOptions(await screen.findByLabelText('Person'), who);
  await userEvent.click(screen.getByRole('button', { name: 'Show what is kept' }));
};

describe('one person’s data', () => {
  test('lists people by name, and shows how much is kept of one', async () => {
    await open();
    expect([...(screen.getByLabelText('Person') as HTMLSelectElement).options].map(({ label }) => label)).toEqual(['By account id', 'ghost', 'Robin Hale']);
    await look();
    const group = await screen.findByRole('group', { name: 'One person’s data' });
    expect(within(group).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'A connection to a TeamViewer account',
      '3 sessions in which they have a part',
      '40 entries of the audit log that name them',
      '1 tie by hand, of them or by them',
      '2 asks for help in the portal',
      'That they commented on 1 issue',
    ]);
  });

  test('an account id can be typed; nothing kept is said; no id is refused', async () => {
    bridge.on('GET /v1/accounts/712020%3Aann', data({ account: { id: '712020:ann' }, linked: false, openSessions: 0, kept: { sessions: 0, entries: 0, mappings: 0, invitations: 0, asks: 0, issues: 0 } }));
    await open();
    await userEvent.click(screen.getByRole('button', { name: 'Show what is kept' }));
    expect(screen.getByText('Choose a person above, or type an account id.')).toBeTruthy();
    await userEvent.type(screen.getByLabelText('Account id'), ' 712020:ann ');
    await userEvent.click(screen.getByRole('button', { name: 'Show what is kept' }));
    expect(await screen.findByText('Nothing is kept about this account.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Erase' })).toBeNull();
  });

  test('the file is collected piece by piece and goes on where a piece did not come', async () => {
    const save = vi.spyOn(files, 'saveFile').mockImplementation(() => undefined);
    const cursorOf = ({ path }: Call) => new URLSearchParams(path.split('?')[1] ?? '').get('cursor');
    bridge.on('GET /v1/accounts/robin/export', (call: Call) =>
      cursorOf(call) ? { status: 503, body: { code: 'overloaded', message: 'x', retryAfter: 5 } } : { status: 200, body: { text: '{"a":', count: 20, total: 44, next: 's.1' } },
    );
    await open();
    await look();
    await userEvent.click(await screen.findByRole('button', { name: 'Export as JSON' }));
    const again = await screen.findByRole('button', { name: 'Try again' });
    bridge.on('GET /v1/accounts/robin/export', { text: '1}', count: 24 });
    await userEvent.click(again);
    await screen.findByText(/What is kept about this account is in belay-account-/, { selector: '.message div' });
    expect(save).toHaveBeenCalledWith(expect.stringMatching(/^belay-account-.*\.json$/), expect.stringContaining('application/json'), ['{"a":', '1}']);
    expect(bridge.called('GET /v1/accounts/robin/export').map(cursorOf)).toEqual([null, 's.1', 's.1']);
    save.mockRestore();
  });

  test('erasing says what will happen and asks; it is followed to its end', async () => {
    await open();
    await look();
    await userEvent.click(await screen.findByRole('button', { name: 'Erase' }));
    const question = screen.getByText(/2 open sessions of .*Robin Hale.* are closed, and the permission is given back to TeamViewer\. Everything that is kept/);
    await userEvent.keyboard('{Escape}');
    expect(question.isConnected).toBe(false);
    await userEvent.click(screen.getByRole('button', { name: 'Erase' }));
    bridge.on('DELETE /v1/accounts/robin', data({ erasing: { erased: 0, toErase: 45, since: '2026-03-02T10:00:00Z' } }), 202);
    bridge.on('GET /v1/accounts/robin', data({ erasing: { erased: 20, toErase: 45, since: '2026-03-02T10:00:00Z' } }));
    const buttons = screen.getAllByRole('button', { name: 'Erase' });
    await userEvent.click(buttons[buttons.length - 1] as HTMLElement);
    await screen.findByText('0 of 45 erased');
    expect(screen.queryByRole('button', { name: 'Erase' })).toBeNull();
    await screen.findByText('20 of 45 erased', {}, { timeout: 4000 });
    bridge.on('GET /v1/accounts/robin', data({ linked: false, openSessions: 0, kept: { sessions: 0, entries: 0, mappings: 0, invitations: 0, asks: 0, issues: 0 } }));
    expect((await screen.findAllByText('What was kept about this account is erased.', {}, { timeout: 4000 })).length).toBeGreaterThan(0);
    expect(bridge.called('GET /v1/accounts').length).toBe(2);
  });

  test('an erase that was refused says why, and the question stays', async () => {
    await open();
    await look();
    await userEvent.click(await screen.findByRole('button', { name: 'Erase' }));
    bridge.refuse('DELETE /v1/accounts/robin', 503, { code: 'storage_unavailable' });
    const buttons = screen.getAllByRole('button', { name: 'Erase' });
    await userEvent.click(buttons[buttons.length - 1] as HTMLElement);
    expect(await screen.findByRole('alert')).toBeTruthy();
    expect(screen.getByText(/Everything that is kept/)).toBeTruthy();
  });

  test('more people than one answer holds come on demand', async () => {
    bridge.on('GET /v1/accounts', (call: Call) => ({ status: 200, body: call.path.includes('after=ghost') ? { accounts: [{ id: 'zoe', name: 'Zoe Last' }] } : { accounts: [{ id: 'ghost' }], next: 'ghost' } }));
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Load more people' }));
    await screen.findByRole('option', { name: 'Zoe Last' });
    expect(screen.queryByRole('button', { name: 'Load more people' })).toBeNull();
  });
});

describe('reports to Atlassian', () => {
  test('when the last one was, that there was none yet, and that it was refused', async () => {
    await open();
    expect(screen.getByText(/Last reported on Mar 1, 2026/)).toBeTruthy();
  });

  test('a refusal says what it means and what to do', async () => {
    bridge.on('GET /v1/accounts', { accounts: [], notReported: 'account_reports_refused' });
    await open();
    expect(await screen.findByText(/Look at the app in Manage apps/)).toBeTruthy();
    expect(screen.getByText(/Nothing was reported yet/)).toBeTruthy();
  });
});
