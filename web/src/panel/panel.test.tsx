import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { createRef } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { api } from '../api/client';
import type { Missing, Panel } from '../api/types';
import { bridge } from '../test/bridge';
import { at, intended, panel, person, session } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import { Footer } from './footer';
// Loaded when it is wanted; on a busy machine that takes longer than a test waits.
import './create-session';
import { PanelPage } from './panel';
import type { PanelState } from './use-panel';

const open = (locale?: string) => show(<PanelPage first={api.getPanel()} />, locale);
const answers = (first: Panel, ...later: Panel[]) => {
  const queue = [first, ...later];
  bridge.on('GET /v1/panel', ({ path }) => {
    const next = queue.length > 1 ? queue.shift() : queue[0];
    const same = path.endsWith(`since=${next?.version}`);
    return { status: 200, body: same ? { changed: false, version: next?.version } : next };
  });
};

describe('the states of the panel', () => {
  test('while the first answer is under way, it says that it is loading', async () => {
    bridge.on('GET /v1/panel', () => new Promise<never>(() => undefined));
    await open();
    expect((await screen.findByText('Loading')).getAttribute('role')).toBe('status');
    expect(document.querySelectorAll('.waiting-row')).toHaveLength(3);
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('with nothing yet, it says so and offers to create a session', async () => {
    answers(panel({ people: [] }));
    await open();
    expect(await screen.findByText('No sessions on this issue yet.')).toBeTruthy();
    expect(screen.getByText('Nobody is on this issue yet.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Create session' })).toBeTruthy();
    expect(bridge.called('GET /v1/panel')).toHaveLength(1);
  });

  test('where remote support is switched off, that is said once, and only ending what is open is offered', async () => {
    answers(panel({ projectOff: true, people: [], sessions: [session({ actions: ['close'] })] }), panel({ version: '2', projectOff: true, people: [], sessions: [] }));
    await open();
    expect(await screen.findByText(/Remote support is switched off in this project.*What is open can still be closed/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Create session' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Connect to session' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: /Actions|More/ }));
    expect(screen.getAllByRole('menuitem').map(({ textContent }) => textContent)).toEqual(['Close session']);
    await userEvent.keyboard('{Escape}');
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText(/nothing new can be started here\.$/)).toBeTruthy();
    expect(screen.queryByText('No sessions on this issue yet.')).toBeNull();
  });

  test('who created a session reads which colleagues asked for the same; a colleague does not read it of themselves', async () => {
    const joinedBy = [{ id: 'kim', name: 'Kim Lund' }, { id: 'sam', name: 'Sam Ortiz' }];
    answers(panel({ sessions: [session({ joinedBy })] }), panel({ version: 'v2', sessions: [session({ joinedBy: [{ id: panel().viewer.id, name: 'Me' }] })] }));
    await open();
    expect(await screen.findByText(`Also asked for by ${isolated('Kim Lund')} and ${isolated('Sam Ortiz')}`)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await waitFor(() => expect(screen.queryByText(/Also asked for/)).toBeNull());
  });

  test('whose session a colleague has taken over is told so, and everybody else whose it was', async () => {
    const { viewer } = panel();
    const supporter = { id: 'kim', name: 'Kim Lund' };
    const over = (takenOverFrom: { id: string; name: string }) => session({ supporter, takenOverFrom });
    answers(panel({ sessions: [over({ id: viewer.id, name: 'Me' })] }), panel({ version: 'v2', sessions: [over({ id: 'sam', name: 'Sam Ortiz' })] }), panel({ version: 'v3', sessions: [over({ id: '', name: '' })] }));
    await open();
    expect(await screen.findByText('Taken over from you')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText(`Taken over from ${isolated('Sam Ortiz')}`)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText('Taken over from an agent whose data was erased')).toBeTruthy();
  });

  test("a dead link of the session's creator is not laid at the reader's door", async () => {
    answers(panel({ sessions: [session({ error: { code: 'link_expired', message: 'x', detail: { provider: 'TeamViewer', agent: 'Kim Lund' } } })] }));
    await open();
    expect(await screen.findByText(/in the TeamViewer account of Kim Lund/)).toBeTruthy();
  });

  test('people stand with their roles and standing, in the order of the server', async () => {
    answers(panel({ people: [person(), person({ id: 'x', name: 'Sam', roles: ['commenter'], standing: 'inactive', actions: [] })] }));
    await open();
    const people = await screen.findByRole('region', { name: 'People' });
    const rows = within(people).getAllByRole('listitem').map((row) => row.textContent);
    expect(rows[0]).toContain('Ada Moreau');
    expect(rows[0]).toContain('Reporter');
    expect(rows[0]).toContain('Not in your contacts');
    expect(rows[1]).toContain('Account deactivated');
  });

  test('after the first eight, the people are folded and can be unfolded', async () => {
    answers(panel({ people: Array.from({ length: 11 }, (_, n) => person({ id: `p${n}`, name: `Person ${n}` })) }));
    await open();
    expect(await screen.findByText('Person 7')).toBeTruthy();
    expect(screen.queryByText('Person 8')).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Show all 11' }));
    expect(screen.getByText('Person 10')).toBeTruthy();
  });

  test('an agent without an account is offered Connect in place of the people, and no session can be created', async () => {
    answers(panel({ viewer: { id: 'robin', linked: false, provider: 'teamviewer', licence: { eligible: false, reason: 'not_linked' }, mayAct: true } }));
    await open();
    expect(await screen.findByText(/Connect your TeamViewer account/)).toBeTruthy();
    expect(screen.queryByText('Ada Moreau')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Create session' })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'Connect' }));
    await waitFor(() => expect(bridge.opened).toEqual([{ url: '/jira/settings/personal/apps/app-1/env-1', type: 'same-tab' }]));
  });

  test('a link that the provider no longer accepts is named as such', async () => {
    answers(panel({ viewer: { id: 'robin', linked: false, linkExpired: true, provider: 'teamviewer', licence: { eligible: false, reason: 'unknown' }, mayAct: true } }));
    await open();
    expect(await screen.findByText(/no longer accepts the connection/)).toBeTruthy();
  });

  test('a licence of another type says which are accepted, and which one the account has', async () => {
    answers(panel({ viewer: { id: 'robin', linked: true, provider: 'teamviewer', licence: { eligible: false, type: 'Premium', reason: 'type_not_listed', accepted: ['Corporate', 'Tensor'] }, mayAct: true } }));
    await open();
    expect(await screen.findByText(/Your admin accepts only “Corporate” and “Tensor”; this account has “Premium”\./)).toBeTruthy();
  });

  test('a licence that is not eligible says what the account has and what is needed', async () => {
    answers(panel({ viewer: { id: 'robin', linked: true, provider: 'teamviewer', licence: { eligible: false, type: 'Free', reason: 'free' }, mayAct: true } }));
    await open();
    const words = await screen.findByText(/cannot be used here/);
    expect(words.textContent).toContain('(Free)');
    expect(words.textContent).toContain('An active paid licence is needed; this account has none.');
    expect(within(words).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Licence: Free', 'Paid: no']);
    expect(screen.queryByRole('button', { name: 'Create session' })).toBeNull();
  });

  test('whoever may not act is told why, and sees neither people nor sessions', async () => {
    answers(panel({ viewer: { ...panel().viewer, mayAct: false, reason: 'not_in_allowed_groups' }, people: [], sessions: [] }));
    await open();
    expect(await screen.findByText(/limited sessions to certain groups/)).toBeTruthy();
    expect(screen.queryByRole('region')).toBeNull();
  });

  test('Jira that does not say what somebody may do is no refusal: its failure is said, and Try again asks anew', async () => {
    const missing = (['people', 'sessions'] as const).map((what) => ({ what, why: 'jira_unreachable' as const }));
    answers(panel({ viewer: { ...panel().viewer, mayAct: false }, people: [], sessions: [], missing }), panel({ version: '2' }));
    await open();
    const words = await screen.findByText(/Jira does not answer the Belay server\. So it is not known yet whether you may use sessions here/);
    expect(words.textContent).not.toMatch(/people who may work|nothing was changed/i);
    const button = screen.getByRole('button', { name: 'Try again' });
    await userEvent.click(button);
    expect(await screen.findByText('Ada Moreau')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  test('nobody has set Belay up: said to whoever Jira tells it; to others it is one of the reasons, and no server is accused', async () => {
    bridge.cut('GET /v1/panel');
    await open();
    expect(await screen.findByText('Belay is not set up on this site yet. A Jira admin does that in Manage apps > Belay > Configure.')).toBeTruthy();
    cleanup();
    bridge.remoteUnknown = true;
    await open();
    const { textContent } = await screen.findByRole('alert');
    expect(textContent).toMatch(/may be away.*nobody has set it up.*you may no longer see this issue/);
    expect(textContent).not.toMatch(/server does not answer/);
  });

  test('people who are shown are not called unknown', async () => {
    answers(panel({ missing: [{ what: 'people', why: 'jira_unreachable' }] }), panel({ version: '2', missing: [{ what: 'people', why: 'jira_unreachable', asOf: '2026-03-02T13:02:00Z' }] }));
    await open();
    expect(await screen.findByText('Jira does not answer the Belay server. Not all people are known at the moment.')).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    expect(await screen.findByText(/The people are as of 2:02/, { selector: 'footer p' })).toBeTruthy();
  });

  test('a connection that was revoked is told once, with Connect; what follows of it in a line each', async () => {
    const failed = intended({ state: 'failed', steps: { session: 'failed', invitation: 'none', closing: 'none' }, error: { code: 'link_expired', message: 'x', detail: { provider: 'TeamViewer' } }, actions: ['retry'] });
    const viewer: Panel['viewer'] = { id: 'robin', linked: false, linkExpired: true, provider: 'teamviewer', licence: { eligible: false, reason: 'not_linked' }, mayAct: true };
    answers(panel({ viewer, sessions: [failed], missing: [{ what: 'session_state', why: 'link_expired' }] }));
    await open();
    expect(await screen.findByRole('button', { name: 'Connect' })).toBeTruthy();
    expect(screen.getAllByText(/no longer accepts the connection/)).toHaveLength(1);
    expect(screen.getByText('Your TeamViewer account was not connected. Connect it first, then try again.')).toBeTruthy();
    expect(screen.getByText('The states of the sessions are the last known ones.', { selector: 'footer p' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('a site that is not paired is told what to do', async () => {
    bridge.refuse('GET /v1/panel', 403, { code: 'not_paired' });
    await open();
    expect((await screen.findByRole('alert')).textContent).toContain('not paired with the Belay server');
  });

  test('a server that is not there gives words and another try, which works', async () => {
    bridge.remote = 'https://support.example.com';
    bridge.cut('GET /v1/panel');
    await open();
    expect((await screen.findByRole('alert')).textContent).toContain('does not answer');
    answers(panel());
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Ada Moreau')).toBeTruthy();
  });

  test('who is left out of an issue with too many people is said; there is nothing to try again', async () => {
    answers(panel({ missing: [{ what: 'commenters', why: 'too_many_people', shown: 5000 }, { what: 'participants', why: 'too_many_people', shown: 500 }] }));
    await open();
    expect(await screen.findByText('There are more people on this issue than the list takes. Of those who commented it has the 5,000 who did so last. Of the participants of the request it has the first 500.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Refresh' })).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  test('what is missing of the people is told for what it is', async () => {
    answers(panel({ missing: [{ what: 'people', why: 'jira_unreachable', asOf: '2026-03-02T13:02:00Z' }, { what: 'addresses', why: 'jira_rate_limited' }, { what: 'presence', why: 'not_answered_yet' }] }));
    await open();
    expect(await screen.findByText(/^Jira does not answer the Belay server\. The people are as of 2:02.PM\.$/)).toBeTruthy();
    expect(screen.getByText(/asks the Belay server to slow down\. Addresses that people hide cannot be read/)).toBeTruthy();
    expect(screen.getByText('TeamViewer has not answered yet. Presence is not known at the moment.')).toBeTruthy();
  });

  test('of something missing that the page has no word for the reason is said', async () => {
    const state = { failure: undefined, doubt: undefined, receivedAt: 0, refresh: () => undefined, refreshing: false } as unknown as PanelState;
    await show(<Footer state={state} panel={panel({ missing: [{ what: 'weather', why: 'jira_unreachable' } as unknown as Missing] }) as Panel} refresher={createRef<HTMLElement>()} />);
    expect(await screen.findByText('Jira does not answer the Belay server.')).toBeTruthy();
  });

  test('what is missing is said at the bottom, with its age', async () => {
    answers(panel({ sessions: [session()], missing: [{ what: 'session_state', why: 'provider_unreachable', asOf: '2026-03-02T13:02:00Z' }] }));
    await open();
    expect(await screen.findByText(/TeamViewer does not answer/)).toBeTruthy();
    expect(screen.getByText(/The states of the sessions are as of 2:02/).textContent).not.toMatch(/nothing was changed/);
    expect(screen.getByText('s12-345-678')).toBeTruthy();
  });

  test('speaks French to a French reader', async () => {
    answers(panel({ sessions: [session()] }));
    await open('fr-FR');
    expect(await screen.findByRole('button', { name: 'Rejoindre la session' })).toBeTruthy();
    expect(screen.getByText('Rapporteur')).toBeTruthy();
    expect(screen.getByText(/^encore 23 h/)).toBeTruthy();
  });
});

describe('a session', () => {
  test('shows code, state and time left, with the exact time as tooltip', async () => {
    answers(panel({ sessions: [session({ validUntil: at(42.5) })] }));
    await open();
    expect(await screen.findByText('s12-345-678')).toBeTruthy();
    expect(screen.getByText('Open')).toBeTruthy();
    expect(screen.getByRole('button', { name: '42 min left' }).getAttribute('title')).toMatch(/^Valid until /);
  });

  test('the exact time is there by keyboard too, and is read', async () => {
    answers(panel({ sessions: [session({ validUntil: at(42.5) })] }));
    await open();
    const time = await screen.findByRole('button', { name: '42 min left' });
    time.focus();
    await userEvent.keyboard('{Enter}');
    expect(time.textContent).toMatch(/^Valid until .*:\d\d/);
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/^Valid until /));
    await userEvent.keyboard('{Enter}');
    expect(time.textContent).toBe('42 min left');
  });

  test('time left follows the clock of the server, not that of the browser', async () => {
    const server = Date.now() + 3_600_000;
    answers(panel({ now: at(0, server), sessions: [session({ validUntil: at(30.5, server) })] }));
    await open();
    expect(await screen.findByText('30 min left')).toBeTruthy();
  });

  test('Connect to session fetches the address at that moment and opens it in a new tab', async () => {
    answers(panel({ sessions: [session()] }));
    bridge.on('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/connect', { url: 'https://get.teamviewer.example/v15/s1-token' });
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Connect to session' }));
    await waitFor(() => expect(bridge.opened).toEqual([{ url: 'https://get.teamviewer.example/v15/s1-token', type: 'new-tab' }]));
    expect(bridge.called('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/connect')[0]?.body).toEqual({ client: 'app' });
    expect(document.body.innerHTML).not.toContain('s1-token');
  });

  test('Connect in browser is in the menu and asks for the browser client', async () => {
    answers(panel({ sessions: [session()] }));
    bridge.on('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/connect', { url: 'https://login.teamviewer.example/connect' });
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for s12-345-678' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Connect in browser' }));
    await waitFor(() => expect(bridge.opened).toHaveLength(1));
    expect(bridge.called('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/connect')[0]?.body).toEqual({ client: 'browser' });
  });

  test('a refused connect is said in words at its session', async () => {
    answers(panel({ sessions: [session()] }));
    bridge.refuse('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/connect', 403, { code: 'link_expired', detail: { provider: 'TeamViewer' } });
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'Connect to session' }));
    expect((await screen.findByRole('alert')).textContent).toContain('no longer accepts the connection of your account');
    expect(bridge.opened).toEqual([]);
  });

  test('Copy link puts the customer link on the clipboard', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    const user = userEvent.setup();
    const button = await screen.findByRole('button', { name: 'More actions for s12-345-678' });
    await user.click(button);
    await user.click(screen.getByRole('menuitem', { name: 'Copy link' }));
    await waitFor(async () => expect(await navigator.clipboard.readText()).toBe('https://get.teamviewer.example/v15/s12345678'));
    expect(screen.getAllByText('Copied').length).toBeGreaterThan(0);
  });

  test('Tab in an open menu goes on after its button, and back before it', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    const button = await screen.findByRole('button', { name: 'More actions for s12-345-678' });
    button.focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.tab();
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Connect to session' }));
    button.focus();
    await userEvent.keyboard('{Enter}');
    await userEvent.tab({ shift: true });
    expect(document.activeElement).toBe(screen.getByRole('button', { name: /left$/ }));
  });

  test('the menu is usable by keyboard alone and gives focus back', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    const button = await screen.findByRole('button', { name: 'More actions for s12-345-678' });
    button.focus();
    await userEvent.keyboard('{Enter}');
    expect(document.activeElement?.textContent).toBe('Copy link');
    await userEvent.keyboard('{ArrowDown}');
    expect(document.activeElement?.textContent).toBe('Connect in browser');
    await userEvent.keyboard('{ArrowUp}{ArrowUp}');
    expect(document.activeElement?.textContent).toBe('Close session');
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  test('closing without touching the notes sends none, so that a colleague’s stay', async () => {
    answers(panel({ sessions: [session({ notes: 'Theirs' })] }));
    bridge.on('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/close', { session: session({ state: 'closed', endedAt: at(0), actions: [] }) }, 202);
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for s12-345-678' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Close session' }));
    await userEvent.click(screen.getByRole('button', { name: 'Close session' }));
    expect(await screen.findByText('Closed')).toBeTruthy();
    expect(bridge.called('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/close')[0]?.body).toEqual({});
  });

  test('Close session asks first, sends the notes, and shows what became of it', async () => {
    answers(panel({ sessions: [session()] }));
    bridge.on('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/close', { session: session({ state: 'closed', endedAt: at(0), actions: [] }) }, 202);
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for s12-345-678' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Close session' }));
    expect(screen.getByText(/can no longer join/)).toBeTruthy();
    expect(bridge.called('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/close')).toEqual([]);
    await userEvent.type(screen.getByLabelText('Notes (optional)'), 'New driver');
    await userEvent.click(screen.getByRole('button', { name: 'Close session' }));
    expect(await screen.findByText('Closed')).toBeTruthy();
    expect(bridge.called('POST /v1/sessions/6f9619ff-8b86-4d01-b42d-00cf4fc964f1/close')[0]?.body).toEqual({ notes: 'New driver', before: '' });
    expect(screen.queryByRole('button', { name: 'Connect to session' })).toBeNull();
  });

  test('declining to close changes nothing', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for s12-345-678' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Close session' }));
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByText(/can no longer join/)).toBeNull();
    expect(bridge.calls).toHaveLength(1);
  });

  test('the mark of a step stands before its words', async () => {
    answers(panel({ sessions: [intended()] }));
    await open();
    const step = (await screen.findByText('Making the session')).closest('li');
    expect(step?.firstElementChild?.className).toBe('step-mark');
  });

  test('a failed step keeps its words and can be tried again', async () => {
    const failed = intended({
      state: 'failed',
      steps: { session: 'failed', invitation: 'none', closing: 'none' },
      error: { code: 'licence_limit_reached', message: 'x', detail: { provider: 'TeamViewer', sessionCode: 's12-301-114' } },
      actions: ['retry'],
    });
    answers(panel({ sessions: [failed] }));
    bridge.on(`POST /v1/sessions/${failed.id}/invitation`, { session: intended() }, 202);
    await open();
    expect(await screen.findByText(/s12-301-114 is still open/)).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(screen.getAllByText(/not made|no session was made/i).map(({ textContent }) => textContent)).toEqual(['Not made']);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('Making the session')).toBeTruthy();
    expect(screen.queryByText(/s12-301-114/)).toBeNull();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('listitem', { name: /^New session/ })));
  });

  test('Try again of a step keeps focus while it is under way, and after it was refused', async () => {
    const failed = intended({ state: 'failed', steps: { session: 'failed', invitation: 'none', closing: 'none' }, error: { code: 'provider_unreachable', message: 'x', outcome: 'gave_up' }, actions: ['retry'] });
    answers(panel({ sessions: [failed] }));
    let refuse: (() => void) | undefined;
    bridge.on(`POST /v1/sessions/${failed.id}/invitation`, () => new Promise((resolve) => {
      refuse = () => resolve({ status: 409, body: { code: 'invalid_state', message: 'x', detail: { state: 'closed' } } });
    }));
    await open();
    const button = await screen.findByRole('button', { name: 'Try again' });
    await userEvent.click(button);
    expect(document.activeElement).toBe(button);
    await waitFor(() => expect(refuse).toBeTruthy());
    refuse?.();
    expect((await screen.findByRole('alert')).textContent).toContain('in the state “Closed”');
    expect(document.activeElement).toBe(button);
  });

  test.each(['another agent was faster', 'no answer came'])('a change that did not go through is looked after at once, not with the next question: %s', async (why) => {
    const mine = session();
    answers(panel({ sessions: [mine] }));
    bridge.on(`POST /v1/sessions/${mine.id}/connect`, () => {
      answers(panel({ version: 'v2', sessions: [{ ...mine, state: 'closed', actions: [] }] }));
      if (why === 'no answer came') throw new Error('no answer');
      return { status: 409, body: { code: 'invalid_state', message: 'x', detail: { state: 'closed' } } };
    });
    await open();
    const before = bridge.called('GET /v1/panel').length;
    await userEvent.click(await screen.findByRole('button', { name: 'Connect to session' }));
    await waitFor(() => expect(bridge.called('GET /v1/panel').length).toBe(before + 1));
    expect(await screen.findByText('Closed')).toBeTruthy();
  });

  test.each([
    ['waiting', 'warning'],
    ['unknown', 'warning'],
    ['gave_up', 'error'],
  ] as const)('a step that is %s looks like a %s', async (outcome, kind) => {
    answers(panel({ sessions: [session({ error: { code: 'jira_unreachable', message: 'x', outcome }, steps: { session: 'done', invitation: 'pending', closing: 'none' } })] }));
    await open();
    const words = await screen.findByText(/^Jira does not answer the Belay server\. /);
    expect(words.closest('.message')?.className).toContain(`message-${kind}`);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('the invitation is not under way before there is a session', async () => {
    answers(panel({ sessions: [intended()] }));
    await open();
    expect((await screen.findByText('Invitation follows')).closest('li')?.querySelector('svg')).toBeNull();
    expect(screen.queryByText('Writing the invitation')).toBeNull();
  });

  test('a session that is not made yet can be cancelled', async () => {
    answers(panel({ sessions: [intended()] }));
    bridge.on(`POST /v1/sessions/${intended().id}/cancel`, { session: intended({ state: 'closed', actions: [], endedAt: at(0) }) }, 202);
    await open();
    await userEvent.click(await screen.findByRole('button', { name: 'More actions for New session' }));
    await userEvent.click(screen.getByRole('menuitem', { name: 'Cancel session' }));
    expect(await screen.findByText('Cancelled')).toBeTruthy();
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('listitem', { name: 'New session, Cancelled' })));
  });

  test('Escape leaves the question of closing while no note was typed', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    const ask = async () => {
      await userEvent.click(await screen.findByRole('button', { name: 'More actions for s12-345-678' }));
      await userEvent.click(screen.getByRole('menuitem', { name: 'Close session' }));
    };
    await ask();
    await userEvent.keyboard('{Escape}');
    expect(screen.queryByText(/can no longer join/)).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More actions for s12-345-678' }));
    await ask();
    await userEvent.type(screen.getByLabelText('Notes (optional)'), 'New driver');
    await userEvent.keyboard('{Escape}');
    expect((screen.getByLabelText('Notes (optional)') as HTMLTextAreaElement).value).toBe('New driver');
  });

  test('for a customer who was typed in there is a mail text, and the word that nobody was notified', async () => {
    answers(panel({ sessions: [session({ customer: { name: 'Zoe' }, invitation: 'none' })] }));
    await open();
    expect(await screen.findByText(/Nobody was notified: .Zoe/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Show the text' }));
    const text = screen.getByLabelText('Mail for Zoe').textContent ?? '';
    expect(text).not.toMatch(/UTC\.|\d{4}-\d\d/);
    expect(text).toContain('https://get.teamviewer.example/v15/s12345678');
    expect(text).toContain('s12-345-678');
    expect(text).toContain('Hello Zoe,\n\nOpen this link');
    expect(text).not.toContain('{');
  });

  test('a name is data: markup and braces in it are shown as they are', async () => {
    const name = '<img src=x onerror=alert(1)> {code}';
    answers(panel({ people: [person({ name })], sessions: [session({ customer: { name } })] }));
    await open();
    expect(await screen.findByText(name)).toBeTruthy();
    expect(document.querySelector('img[src="x"]')).toBeNull();
    expect(screen.getByText(`by ${isolated('Robin Hale')}, for ${isolated(name)}`)).toBeTruthy();
  });
});

describe('while the panel is open', () => {
  beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => vi.useRealTimers());
  const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));
  const hide = (state: DocumentVisibilityState) => {
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
  };

  test('it asks every 8 s with the version that it shows, and every 60 s while hidden', async () => {
    answers(panel());
    await open();
    await pass(100);
    await pass(8_100);
    expect(bridge.calls.map(({ path }) => path)).toEqual(['/v1/panel', '/v1/panel?since=1']);
    hide('hidden');
    await pass(59_000);
    expect(bridge.calls).toHaveLength(2);
    await pass(2_000);
    expect(bridge.calls).toHaveLength(3);
    hide('visible');
    await pass(100);
    expect(bridge.calls).toHaveLength(4);
  });

  test('it waits as long as the server asks it to', async () => {
    bridge.refuse('GET /v1/panel', 503, { code: 'overloaded', retryAfter: 30 });
    await open();
    await pass(100);
    await pass(25_000);
    expect(bridge.calls).toHaveLength(1);
    await pass(6_000);
    expect(bridge.calls).toHaveLength(2);
  });

  test('a failure later on keeps what is shown, and says as of when', async () => {
    answers(panel({ sessions: [session()] }));
    await open();
    await pass(100);
    bridge.cut('GET /v1/panel');
    await pass(8_100);
    expect(screen.getByText('s12-345-678')).toBeTruthy();
    const { textContent } = screen.getByText(/^No answer from Belay: .*or you may no longer see this issue\. Shown as of/, { selector: 'footer p' });
    expect(screen.queryByRole('alert')).toBeNull();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe(textContent));
  });

  test('when Jira stops saying what the reader may see, what is shown and what is typed stays, and is called old', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const missing = (['people', 'sessions'] as const).map((what) => ({ what, why: 'jira_unreachable' as const }));
    const known = panel({ sessions: [session()] });
    const unknown = panel({ version: '2', viewer: { ...known.viewer, mayAct: false }, people: [], sessions: [], missing });
    answers(known);
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeTruthy());
    await user.type(screen.getByLabelText('Description'), ' half a story');
    answers(unknown);
    await pass(8_100);
    expect((screen.getByLabelText('Description') as HTMLTextAreaElement).value).toContain('half a story');
    expect(screen.getByText('s12-345-678')).toBeTruthy();
    expect(screen.getByText(/^Jira does not answer the Belay server\. Shown as of/, { selector: 'footer p' })).toBeTruthy();
    answers(known);
    await pass(8_100);
    expect(screen.queryByText(/Jira does not answer/, { selector: 'footer p' })).toBeNull();
    answers(panel({ version: '3', viewer: { ...known.viewer, mayAct: false, reason: 'not_agent' }, people: [], sessions: [] }));
    await pass(8_100);
    expect(screen.getByText(/You are no agent on this issue/)).toBeTruthy();
    expect(screen.queryByText('s12-345-678')).toBeNull();
  });

  test.each([
    ['not_found', 404, undefined, 'This issue is not here any more, or you may no longer see it. Nothing of it is shown.'],
    ['forbidden', 403, { reason: 'not_in_allowed_groups' }, 'Your admin has limited sessions to certain groups, and you are in none of them.'],
    ['not_paired', 403, undefined, 'This Jira site is not paired with the Belay server, so nothing can be shown or done yet. A Jira admin pairs it in Manage apps > Belay > Configure.'],
  ] as const)('whoever loses the issue (%s) keeps nothing of the panel but the word, which is announced, until they have it again', async (code, status, detail, words) => {
    answers(panel({ people: [person({ standing: 'online', presence: 'online', actions: ['chat'] })], sessions: [session()] }));
    await open();
    await pass(100);
    expect(screen.getByRole('button', { name: 'Chat' })).toBeTruthy();
    bridge.refuse('GET /v1/panel', status, { code, ...(detail && { detail }) });
    await pass(8_100);
    expect(screen.getByText(words, { selector: '.message *' })).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe(words));
    expect(screen.queryByText('Ada Moreau')).toBeNull();
    expect(screen.getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Try again']);
    answers(panel());
    await pass(8_100);
    expect(screen.getByText('Ada Moreau')).toBeTruthy();
    expect(bridge.calls.at(-1)?.path).toBe('/v1/panel');
  });

  test('a first answer that takes long is waited for in words', async () => {
    bridge.on('GET /v1/panel', () => new Promise<never>(() => undefined));
    await open();
    await pass(3_000);
    expect(screen.queryByText('Waiting for the Belay server')).toBeNull();
    await pass(2_000);
    expect(screen.getByText('Waiting for the Belay server')).toBeTruthy();
  });

  test('a pointer that left without a word, and focus that stayed behind, hold for a while only; focus goes with what moves', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const waiting = session({ state: 'customer_present' });
    answers(panel({ sessions: [session()] }), panel({ version: '2', sessions: [waiting] }));
    await open();
    await pass(100);
    const names = () => screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'));
    await user.click(screen.getByRole('button', { name: /left$/ }));
    const focused = document.activeElement;
    await pass(8_100);
    expect(screen.getByRole('listitem', { name: /Customer is waiting/ })).toBeTruthy();
    expect(names()).toEqual(['People', 'Sessions']);
    fireEvent.keyDown(focused as Element, { key: 'Shift' });
    await pass(8_100);
    expect(names()).toEqual(['People', 'Sessions']);
    await pass(5_000);
    expect(names()).toEqual(['Sessions', 'People']);
    expect(document.activeElement).toBe(focused);
  });

  test('Refresh keeps focus; Try again stands at the end while something is missing, and leaves focus with Refresh', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    answers(panel());
    await open();
    await pass(100);
    const button = screen.getByRole('button', { name: 'Refresh' });
    bridge.cut('GET /v1/panel');
    await user.click(button);
    await pass(100);
    expect(document.activeElement).toBe(button);
    answers(panel());
    screen.getByRole('button', { name: 'Try again' }).focus();
    await user.keyboard('{Enter}');
    await pass(100);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    expect(document.activeElement).toBe(button);
  });

  test('the end of a step is announced, and its failure', async () => {
    const failed = intended({ error: { code: 'provider_unreachable', message: 'x', outcome: 'waiting' } });
    answers(panel({ sessions: [intended()] }), panel({ version: '2', sessions: [failed] }), panel({ version: '3', sessions: [session()] }));
    await open();
    await pass(100);
    expect(screen.getByText('Making the session')).toBeTruthy();
    await pass(8_100);
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('New session: TeamViewer does not answer. Nothing is lost: Belay tries again by itself'));
    await pass(8_100);
    expect(screen.getByText('s12-345-678')).toBeTruthy();
    expect(screen.getByText('s12-345-678: Session made. s12-345-678: Invitation written')).toBeTruthy();
  });

  test('what others began is asked about at the usual pace', async () => {
    answers(panel({ sessions: [intended()] }));
    await open();
    await pass(100);
    await pass(7_000);
    expect(bridge.called('GET /v1/panel')).toHaveLength(1);
  });

  test('what the agent has just begun is asked about every 2 s, for half a minute', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    answers(panel());
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    answers(panel({ version: '2', sessions: [intended()] }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeTruthy());
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull());
    expect(screen.getByText('New session', { selector: '[role=status] *' })).toBeTruthy();
    const asked = async (milliseconds: number) => {
      const before = bridge.called('GET /v1/panel').length;
      await pass(milliseconds);
      return bridge.called('GET /v1/panel').length - before;
    };
    expect(await asked(20_000)).toBeGreaterThanOrEqual(9);
    await pass(12_000);
    expect(await asked(24_000)).toBeLessThanOrEqual(3);
  });

  test('a customer who waits comes first, and is announced', async () => {
    const waiting = session({ state: 'customer_present' });
    answers(panel({ sessions: [session()] }), panel({ version: '2', sessions: [waiting] }));
    await open();
    await pass(100);
    const names = () => screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'));
    expect(names()).toEqual(['People', 'Sessions']);
    await pass(8_100);
    expect(names()).toEqual(['Sessions', 'People']);
    expect(screen.getByText('s12-345-678: Customer is waiting')).toBeTruthy();
  });

  test('an update neither closes an open menu nor moves what the pointer is on nor takes focus', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const newer = session({ id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999', state: 'customer_present' });
    answers(panel({ sessions: [session()] }), panel({ version: '2', sessions: [newer, session()] }));
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'More actions for s12-345-678' }));
    const focused = document.activeElement;
    await pass(8_100);
    expect(screen.getByRole('menu')).toBeTruthy();
    expect(document.activeElement).toBe(focused);
    const codes = () => within(screen.getByRole('region', { name: 'Sessions' })).getAllByText(/^s\d\d-/).map((code) => code.textContent);
    expect(codes()).toEqual(['s12-345-678', 's99-999-999']);
    expect(screen.getByText(/New session s99-999-999/)).toBeTruthy();
    await user.keyboard('{Escape}');
    await user.hover(document.body);
    await pass(8_100);
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More actions for s12-345-678' }));
    expect(codes()).toEqual(['s12-345-678', 's99-999-999']);
    act(() => (document.activeElement as HTMLElement).blur());
    await pass(100);
    expect(codes()).toEqual(['s99-999-999', 's12-345-678']);
  });

  test('a form that is open stays where it is, though the window has gone elsewhere', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const waiting = session({ state: 'customer_present' });
    answers(panel({ sessions: [session()] }), panel({ version: '2', sessions: [waiting] }));
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeTruthy());
    await user.type(screen.getByLabelText('Description'), ' half a story');
    act(() => (document.activeElement as HTMLElement).blur());
    await user.hover(document.body);
    const names = () => screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'));
    await pass(8_100);
    expect(screen.getByRole('listitem', { name: /Customer is waiting/ })).toBeTruthy();
    expect(names()).toEqual(['People', 'Sessions']);
    await user.click(screen.getByRole('button', { name: 'Cancel' }));
    await user.hover(document.body);
    act(() => (document.activeElement as HTMLElement).blur());
    await pass(100);
    expect(names()).toEqual(['Sessions', 'People']);
  });

  test('what moves while the window is elsewhere does not fetch focus back, as some browsers would', async () => {
    const waiting = session({ state: 'customer_present' });
    answers(panel({ sessions: [waiting] }), panel({ version: '2', sessions: [session()] }));
    await open();
    await pass(100);
    screen.getByRole('button', { name: 'Connect to session' }).focus();
    const fetched = vi.fn();
    screen.getByRole('main').addEventListener('focusin', fetched);
    vi.spyOn(document, 'hasFocus').mockReturnValue(false);
    await pass(8_100);
    expect(screen.getAllByRole('region').map((region) => region.getAttribute('aria-label'))).toEqual(['People', 'Sessions']);
    expect(fetched).not.toHaveBeenCalled();
  });

  test('the agent’s own new session stands first at once', async () => {
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    answers(panel({ sessions: [session({ id: '6f9619ff-8b86-4d01-b42d-00cf4fc964f2', code: 's99-999-999' })] }));
    bridge.on('POST /v1/sessions', { session: intended(), joined: false }, 202);
    await open();
    await pass(100);
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    await waitFor(() => expect(screen.queryByRole('form')).toBeTruthy());
    await user.click(screen.getByRole('button', { name: 'Create session' }));
    await pass(100);
    expect(screen.getAllByRole('listitem', { name: /, / }).map((row) => row.getAttribute('aria-label'))).toEqual(['New session, Being made', 's99-999-999, Open']);
  });
});
