import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { bridge } from '../test/bridge';
import { at, intended, panel, session } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import { PanelPage } from './panel';

const { id } = session();
let version = 1;
const answers = (...sessions: Session[]) => {
  version += 1;
  bridge.on('GET /v1/panel', panel({ version: String(version), sessions }));
};
const open = (locale?: string) => show(<PanelPage first={api.getPanel()} />, locale);
const row = (name: RegExp | string) => screen.findByRole('listitem', { name });
const menu = async (entry: string) => {
  await userEvent.click(await screen.findByRole('button', { name: /^More actions for (s\d|New)/ }));
  await userEvent.click(screen.getByRole('menuitem', { name: entry }));
};

describe('a session that goes on', () => {
  const newer = '6f9619ff-8b86-4d01-b42d-00cf4fc964f2';

  test('since when the customer is there stands in place of the time left', async () => {
    answers(session({ state: 'customer_present', customerSince: at(-3) }));
    await open();
    const line = await row(/Customer is waiting/);
    expect(within(line).getByText('here for 3 min')).toBeTruthy();
    expect(within(line).queryByText(/left$/)).toBeNull();
  });

  test('Replace asks for how long, makes another one, and both say which is which', async () => {
    answers(session({ actions: ['connect', 'copy_link', 'replace', 'close'] }));
    bridge.on(`POST /v1/sessions/${id}/replace`, { session: intended({ id: newer, replaces: id }), joined: false }, 202);
    await open();
    await menu('Replace');
    await userEvent.selectOptions(screen.getByLabelText('Valid for'), '7 days');
    answers(intended({ id: newer, replaces: id }), session({ replacedBy: newer }));
    await userEvent.click(screen.getByRole('button', { name: 'Replace' }));
    expect(bridge.called(`POST /v1/sessions/${id}/replace`)[0]?.body).toEqual({ validityMinutes: 10080 });
    expect(within(await row(/^New session/)).getByText('In place of s12-345-678')).toBeTruthy();
    answers(session({ id: newer, code: 's99-999-999', replaces: id }), session({ replacedBy: newer }));
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(within(await row('s12-345-678, Open')).getByText('Replaced by s99-999-999')).toBeTruthy();
  });

  test('Send again says what will happen first; sent a moment ago, it says so and nothing was sent', async () => {
    answers(session({ actions: ['copy_link', 'send_again', 'close'] }));
    bridge.refuse(`POST /v1/sessions/${id}/invitation`, 409, { code: 'invited_recently', detail: { minutes: 5 } });
    await open();
    await menu('Send again');
    const send = () => userEvent.click(screen.getByRole('button', { name: 'Send again' }));
    await send();
    expect(await screen.findByText(/less than 5 minutes ago, so it was not sent again/)).toBeTruthy();
    bridge.on(`POST /v1/sessions/${id}/invitation`, { session: session({ steps: { session: 'done', invitation: 'pending', closing: 'none' } }) }, 202);
    await send();
    expect(await screen.findByText('The invitation is being sent again.', { selector: 'li p' })).toBeTruthy();
  });

  test('notes are shown, changed in place, and kept through a failure', async () => {
    answers(session({ notes: 'Driver is old', actions: ['note', 'close'] }));
    bridge.refuse(`PATCH /v1/sessions/${id}`, 503, { code: 'storage_unavailable' });
    await open();
    expect(await screen.findByText('Driver is old')).toBeTruthy();
    await menu('Notes');
    const area = screen.getByLabelText<HTMLTextAreaElement>('Notes for the team');
    expect(document.activeElement).toBe(area);
    await userEvent.type(area, ', and stays');
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByRole('button', { name: 'Save notes' }));
    expect(await screen.findByText(/cannot reach its database/)).toBeTruthy();
    expect(area.value).toBe('Driver is old, and stays');
    bridge.on(`PATCH /v1/sessions/${id}`, { session: session({ notes: 'Driver is old, and stays', actions: ['note', 'close'] }) });
    await userEvent.click(screen.getByRole('button', { name: 'Save notes' }));
    expect(await screen.findByText('Driver is old, and stays', { selector: 'p' })).toBeTruthy();
    expect(bridge.called(`PATCH /v1/sessions/${id}`).at(-1)?.body).toEqual({ notes: 'Driver is old, and stays', before: 'Driver is old' });
  });
});

describe('notes that somebody else wrote meanwhile', () => {
  const noted = (notes: string) => session({ notes, actions: ['note', 'close'] });
  const stands = (notes: string) => ({ code: 'notes_changed', detail: { notes } });
  const beside = () => screen.findByRole('group', { name: /^The notes were changed meanwhile, so yours were not saved.* still here/ });
  const sent = (route: string) => bridge.called(route).map(({ body }) => body);
  const press = (name: string) => userEvent.click(screen.getByRole('button', { name }));
  const patch = `PATCH /v1/sessions/${id}`;
  const close = `POST /v1/sessions/${id}/close`;

  async function typed(entry: 'Notes' | 'Close session', text: string) {
    answers(noted('Old'));
    await open();
    await menu(entry);
    const area = screen.getByLabelText<HTMLTextAreaElement>(entry === 'Notes' ? 'Notes for the team' : 'Notes (optional)');
    await userEvent.clear(area);
    await userEvent.type(area, text);
    return area;
  }

  test('stand beside what was typed, which stays; Keep mine writes it in place of what was seen, also when that has changed again', async () => {
    bridge.refuse(patch, 409, stands('Theirs'));
    const area = await typed('Notes', 'Mine');
    await press('Save notes');
    const theirs = await beside();
    expect(within(theirs).getByText('Theirs')).toBeTruthy();
    expect(area.value).toBe('Mine');
    expect(document.activeElement).toBe(theirs);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save notes' }).disabled).toBe(true);
    await userEvent.keyboard('{Escape}');
    expect(area.isConnected).toBe(true);
    bridge.refuse(patch, 409, stands('Theirs, again'));
    await press('Keep mine');
    expect(await within(theirs).findByText('Theirs, again')).toBeTruthy();
    expect(document.activeElement).toBe(theirs);
    bridge.on(patch, { session: noted('Mine') });
    await press('Keep mine');
    expect(await screen.findByText('Notes saved.', { selector: 'li p' })).toBeTruthy();
    expect(sent(patch)).toEqual([{ notes: 'Mine', before: 'Old' }, { notes: 'Mine', before: 'Theirs' }, { notes: 'Mine', before: 'Theirs, again' }]);
  });

  test('Take theirs puts them into the field, to go on from there', async () => {
    bridge.refuse(patch, 409, stands('Theirs'));
    const area = await typed('Notes', 'Mine');
    await press('Save notes');
    await beside();
    await press('Take theirs');
    expect(area.value).toBe('Theirs');
    expect(document.activeElement).toBe(area);
    expect(screen.queryByRole('button', { name: 'Keep mine' })).toBeNull();
    await userEvent.type(area, ' and mine');
    bridge.on(patch, { session: noted('Theirs and mine') });
    await press('Save notes');
    expect(await screen.findByText('Theirs and mine', { selector: 'p' })).toBeTruthy();
    expect(sent(patch).at(-1)).toEqual({ notes: 'Theirs and mine', before: 'Theirs' });
  });

  test('left alone, the row shows theirs; what was taken away is told in words', async () => {
    bridge.refuse(patch, 409, stands(''));
    await typed('Notes', 'Mine');
    await press('Save notes');
    expect(within(await beside()).getByText('Nothing: they were taken away.')).toBeTruthy();
    expect(screen.queryByText('Old')).toBeNull();
    answers(noted('Theirs'));
    bridge.refuse(patch, 409, stands('Theirs'));
    await press('Keep mine');
    expect(await within(await beside()).findByText('Theirs')).toBeTruthy();
    await press('Cancel');
    expect(screen.getByText('Theirs', { selector: '.session-result p' })).toBeTruthy();
  });

  test('a failure after the choice keeps both in sight', async () => {
    bridge.refuse(patch, 409, stands('Theirs'));
    const area = await typed('Notes', 'Mine');
    await press('Save notes');
    const theirs = await beside();
    bridge.refuse(patch, 503, { code: 'storage_unavailable' });
    await press('Keep mine');
    expect(await screen.findByText(/cannot reach its database/)).toBeTruthy();
    expect(theirs.isConnected).toBe(true);
    expect(area.value).toBe('Mine');
  });

  test('the question before closing waits for the choice: Keep mine and close, or theirs, which stay as they are', async () => {
    bridge.refuse(close, 409, stands('Theirs'));
    const area = await typed('Close session', 'Mine');
    await press('Close session');
    const theirs = await beside();
    expect(document.activeElement).toBe(theirs);
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Close session' }).disabled).toBe(true);
    bridge.refuse(close, 409, stands('Theirs, again'));
    await press('Keep mine and close');
    expect(await within(theirs).findByText('Theirs, again')).toBeTruthy();
    await press('Take theirs');
    expect(area.value).toBe('Theirs, again');
    expect(document.activeElement).toBe(area);
    bridge.on(close, { session: session({ state: 'closed', endedAt: at(0), actions: [] }) }, 202);
    await press('Close session');
    expect(await row('s12-345-678, Closed')).toBeTruthy();
    expect(sent(close)).toEqual([{ notes: 'Mine', before: 'Old' }, { notes: 'Mine', before: 'Theirs' }, {}]);
  });
});

describe('what a session’s row says', () => {
  test('what came of it: how long, by whom, rating and notes; or that nobody connected', async () => {
    const over = { state: 'reported', endedAt: at(-30), notes: 'Driver', steps: { session: 'done', invitation: 'done', closing: 'done' }, actions: ['note'] } as const;
    answers(
      session({ ...over, actions: ['note'], report: { connections: 2, seconds: 1_090, ended: at(-30), supporters: ['Robin H.', 'Bo'], rating: 5, comment: 'Quick', notes: 'Driver\nReplaced' } }),
      session({ ...over, id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999', actions: [], report: { connections: 0, seconds: 0, supporters: [] } }),
    );
    await open();
    const line = await row('s12-345-678, Ended');
    expect(line.textContent?.replaceAll(/[⁨⁩]/g, '')).toContain('18 min, by Robin H. and BoRating 5“Quick”Driver\nReplaced');
    expect(within(await row('s99-999-999, Ended')).getByText('Nobody connected')).toBeTruthy();
  });

  test('what the records do not say is not made up: a length without an end, nobody where an agent went there', async () => {
    const over = { state: 'reported', endedAt: at(-30), steps: { session: 'done', invitation: 'done', closing: 'done' }, actions: [] } as const;
    const rows = [
      session({ ...over, actions: [], report: { connections: 1, seconds: 0, supporters: ['Bo'] } }),
      session({ ...over, id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999', actions: [], report: { connections: 0, unrecorded: true, seconds: 0, supporters: [] } }),
    ];
    bridge.on('GET /v1/panel', panel({ sessions: rows }));
    await open();
    expect(await screen.findByText(`Length not known, by ${isolated('Bo')}`)).toBeTruthy();
    expect(screen.getByText('No connection is on record')).toBeTruthy();
  });

  test('a record without a name is the supporter\'s; where that is erased too, the time stands alone', async () => {
    const over = { state: 'reported', endedAt: at(-30), steps: { session: 'done', invitation: 'done', closing: 'done' }, actions: [], report: { connections: 1, seconds: 600, ended: at(-30), supporters: [] } } as const;
    answers(
      session({ ...over, supporter: { id: 'robin', name: 'Robin Hale' }, actions: [], report: { ...over.report, supporters: [] } }),
      session({ ...over, supporter: { id: '', name: '' }, id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999', actions: [], report: { ...over.report, supporters: [] } }),
    );
    await open();
    const said = async (name: string) => (await row(name)).querySelector('.session-result')?.textContent?.replaceAll(/[⁨⁩]/g, '');
    expect(await said('s12-345-678, Ended')).toBe('10 min, by Robin Hale');
    expect(await said('s99-999-999, Ended')).toBe('10 min');
  });

  test('cancelled before it was made: that, and nothing that turns', async () => {
    answers(intended({ state: 'closed', endedAt: at(-3), steps: { session: 'pending', invitation: 'none', closing: 'none' }, actions: [] }));
    await open();
    const cancelled = await row('New session, Cancelled');
    expect(within(cancelled).getByText('No session was made.')).toBeTruthy();
    for (const text of ['Making the session', 'No invitation on the issue', 'Closed']) expect(within(cancelled).queryByText(text)).toBeNull();
    expect(cancelled.querySelector('svg')).toBeNull();
  });

  test('no step of a session that is over is under way', async () => {
    answers(session({ state: 'expired', endedAt: at(-3), steps: { session: 'done', invitation: 'pending', closing: 'done' }, actions: [] }));
    await open();
    const expired = await row('s12-345-678, Expired');
    expect(within(expired).queryByText('Writing the invitation')).toBeNull();
  });

  test('closed here and still open at the provider: closing, until it is', async () => {
    const closing = session({ state: 'closed', endedAt: at(-3), steps: { session: 'done', invitation: 'done', closing: 'pending' }, error: { code: 'provider_unreachable', message: 'x', outcome: 'waiting' }, actions: [] });
    answers(closing);
    await open();
    const line = await row('s12-345-678, Closing');
    expect(within(line).queryByText('3 min ago')).toBeNull();
    const { error: _error, ...done } = { ...closing, steps: { ...closing.steps, closing: 'done' as const } };
    answers(done);
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await row('s12-345-678, Closed')).toBe(line);
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('s12-345-678: Closed'));
  });

  test('a refusal goes with the next action, and with the next state', async () => {
    answers(session());
    bridge.refuse(`POST /v1/sessions/${id}/connect`, 502, { code: 'provider_unreachable', detail: { provider: 'TeamViewer' } });
    await open();
    const connect = await screen.findByRole('button', { name: 'Connect to session' });
    await userEvent.click(connect);
    expect(await screen.findByText(/nothing was changed/)).toBeTruthy();
    await menu('Close session');
    expect(screen.queryByText(/nothing was changed/)).toBeNull();
    await userEvent.keyboard('{Escape}');
    await userEvent.click(connect);
    expect(await screen.findByText(/nothing was changed/)).toBeTruthy();
    answers(session({ state: 'customer_present' }));
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await row(/Customer is waiting/);
    expect(screen.queryByText(/nothing was changed/)).toBeNull();
    answers(session());
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await row('s12-345-678, Open');
    expect(screen.queryByText(/nothing was changed/)).toBeNull();
  });

  test('whoever stays in Jira is told that nothing was opened, also when the server counts them as connected', async () => {
    answers(session({ state: 'customer_present' }));
    bridge.on(`POST /v1/sessions/${id}/connect`, { url: 'https://get.teamviewer.example/v15/s1' });
    bridge.staysInJira = true;
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Connect to session' }));
    expect(await screen.findByText(/^Nothing was opened/, { selector: 'p' })).toBeTruthy();
    answers(session({ state: 'in_progress' }));
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await row(/In progress/);
    expect(screen.getByText(/^Nothing was opened/, { selector: 'p' })).toBeTruthy();
    expect(screen.queryByText(/opens in a new tab/)).toBeNull();
    bridge.staysInJira = false;
    await userEvent.click(screen.getByRole('button', { name: 'Connect to session' }));
    expect(await screen.findByText(/opens in a new tab/, { selector: 'p' })).toBeTruthy();
    expect(screen.queryByText(/^Nothing was opened/, { selector: 'p' })).toBeNull();
  });

  test('the session that stands in the way is on another issue, and a link leads there', async () => {
    const failed = (issueKey: string) => intended({
      state: 'failed',
      steps: { session: 'failed', invitation: 'none', closing: 'none' },
      error: { code: 'licence_limit_reached', message: 'x', detail: { provider: 'TeamViewer', sessionCode: 's429-554-887', issueKey } as NonNullable<Session['error']>['detail'] },
      actions: ['retry'],
    });
    answers(failed('HELP-2'));
    await open();
    expect(await screen.findByText(/s429-554-887 on HELP-2 is still open/)).toBeTruthy();
    await userEvent.click(screen.getByRole('link', { name: 'Go to HELP-2' }));
    await waitFor(() => expect(bridge.opened).toEqual([{ url: '/browse/HELP-2', type: 'same-tab' }]));
    answers(failed('HELP-12'));
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText(/and s429-554-887 is still open/)).toBeTruthy();
    expect(screen.queryByRole('link')).toBeNull();
  });

  test('one that was not made can be put away, stays away, and is to be had again', async () => {
    localStorage.clear();
    answers(session({ id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2' }), intended({ state: 'failed', steps: { session: 'failed', invitation: 'none', closing: 'none' }, error: { code: 'provider_refused', message: 'x' }, actions: ['retry'] }));
    const first = await open();
    await row('New session, Not made');
    await userEvent.click(screen.getByRole('button', { name: 'More actions for New session' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Put away' }));
    await waitFor(() => expect(screen.queryByText('Not made')).toBeNull());
    expect(document.activeElement?.className).toBe('sessions');
    first.unmount();
    await open();
    const show = await screen.findByRole('button', { name: 'Show 1 session that was put away' });
    expect(screen.queryByText('Not made')).toBeNull();
    await userEvent.click(show);
    await row('New session, Not made');
    expect(document.activeElement?.className).toBe('sessions');
    localStorage.clear();
  });

  test('an invitation that is not on the issue comes with the link to copy', async () => {
    answers(session({ steps: { session: 'done', invitation: 'failed', closing: 'none' }, error: { code: 'jira_refused_comment', message: 'x', detail: { said: 'Comment body is not valid.' } }, actions: ['copy_link', 'retry'] }));
    await open();
    expect(await screen.findByText(/Jira said: “Comment body is not valid”\./)).toBeTruthy();
    const user = userEvent.setup();
    await user.click(screen.getByRole('button', { name: 'Copy link' }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe('https://get.teamviewer.example/v15/s12345678'));
  });
});

describe('the mail for somebody who was typed in', () => {
  const mail = { to: 'zoe@example.com', subject: 'Remote session for HELP-12', body: 'Hello Zoe,\n\nThe link is valid until 2026-11-27 09:09 UTC.' };
  const theirs = (changes: Partial<Session> = {}) => session({ customer: { name: 'Zoe' }, invitation: 'none', validUntil: '2026-11-27T09:09:00Z', mail, ...changes });

  test('lies folded, has its time in words, is copied, and begins in the reader’s own mail program', async () => {
    answers(theirs());
    await open('en-GB');
    const user = userEvent.setup();
    expect(await screen.findByText(/^Nobody was notified/)).toBeTruthy();
    expect(screen.queryByLabelText('Mail for Zoe')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Copy mail text' }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toMatch(/^zoe@example\.com\nRemote session for HELP-12\n\nHello Zoe,\n\nThe link is valid until Friday,? 27 November at 10:09 (GMT\+1|CET)\.$/));
    await user.click(screen.getByRole('button', { name: 'Show the text' }));
    expect(screen.getByLabelText('Mail for Zoe').textContent).toContain('27 November at 10:09');
    await user.click(screen.getByRole('button', { name: 'Write the mail' }));
    await waitFor(() => expect(bridge.opened[0]?.url).toMatch(/^mailto:zoe@example\.com\?subject=Remote%20session%20for%20HELP-12&body=Hello%20Zoe%2C%0D%0A%0D%0AThe%20link/));
    bridge.staysInJira = true;
    await user.click(screen.getByRole('button', { name: 'Write the mail' }));
    expect(await screen.findByText('Nothing was opened. Copy the mail text instead.', { selector: 'p' })).toBeTruthy();
  });

  test('a French reader’s English mail keeps an English time', async () => {
    answers(theirs());
    await open('fr-FR');
    await userEvent.click(await screen.findByRole('button', { name: 'Afficher le texte' }));
    expect(screen.getByLabelText('E-mail pour Zoe').textContent).toMatch(/until Friday,? 27 November at 10:09/);
  });

  test('without an address there is none to write to, and of a public comment nobody says that it was read by no one', async () => {
    const { to: _to, ...rest } = mail;
    answers(theirs({ invitation: 'public', mail: rest }));
    await open();
    expect(await screen.findByText(/gets no mail from Jira.*Whoever sees the issue reads the invitation/)).toBeTruthy();
    expect(screen.queryByText(/Nobody was notified/)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Write the mail' })).toBeNull();
  });
});

describe('hints grow old', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
  const hint = (text: RegExp | string) => screen.queryByText(text, { selector: '.session > p' });

  test('whoever stays in Jira says so to the server, and the row stands as it did before', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    bridge.staysInJira = true;
    answers(session({ state: 'customer_present' }));
    bridge.on(`POST /v1/sessions/${id}/connect`, { url: 'https://get.teamviewer.example/v15/s1' });
    bridge.on(`DELETE /v1/sessions/${id}/connect`, { session: session({ state: 'customer_present' }) });
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'Connect to session' }));
    await pass(100);
    expect(screen.getByText(/^Nothing was opened/, { selector: 'li p' })).toBeTruthy();
    expect(bridge.called(`DELETE /v1/sessions/${id}/connect`).length).toBe(1);
  });

  test('“opens in a new tab” goes after half a minute, and with the end of the session', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    answers(session({ state: 'customer_present' }));
    bridge.on(`POST /v1/sessions/${id}/connect`, { url: 'https://get.teamviewer.example/v15/s1' });
    await open();
    await pass(100);
    const connect = () => user.click(screen.getByRole('button', { name: 'Connect to session' }));
    await connect();
    await pass(100);
    answers(session({ state: 'in_progress' }));
    await pass(8_100);
    expect(hint(/opens in a new tab/)).toBeTruthy();
    await pass(24_000);
    expect(hint(/opens in a new tab/)).toBeNull();
    await connect();
    await pass(100);
    expect(hint(/opens in a new tab/)).toBeTruthy();
    answers(session({ state: 'closed', endedAt: at(0), steps: { session: 'done', invitation: 'done', closing: 'done' }, actions: [] }));
    await pass(8_100);
    expect(hint(/opens in a new tab/)).toBeNull();
  });

  test('“Copied” goes by itself, and with the next state', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    answers(session());
    await open();
    await pass(100);
    const copy = async () => {
      await user.click(screen.getByRole('button', { name: 'More actions for s12-345-678' }));
      await user.click(screen.getByRole('menuitem', { name: 'Copy link' }));
      await pass(100);
    };
    await copy();
    expect(hint('Copied')).toBeTruthy();
    await pass(8_100);
    expect(hint('Copied')).toBeNull();
    await pass(6_000);
    await copy();
    answers(session({ state: 'customer_present' }));
    await pass(4_000);
    expect(screen.getByRole('listitem', { name: /Customer is waiting/ })).toBeTruthy();
    expect(hint('Copied')).toBeNull();
  });
});
