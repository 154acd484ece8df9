import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestAnswer, RequestSession } from '../api/types';
import { bridge } from '../test/bridge';
import { at, endedRequestSession as ended, requestSession as session } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import { RequestPage } from './request';

const id = (n: number) => `6f9619ff-8b86-4d01-b42d-00cf4fc964f${n}`;
const answers = (sessions: RequestSession[], changes: Partial<RequestAnswer> = {}) => bridge.on('GET /v1/request', { now: at(0), sessions, asking: { offered: false }, missing: [], ...changes });
const robin = isolated('Robin Hale');
const heading = (name: string) => screen.findByRole('heading', { level: 2, name });
const preparing = (changes: Partial<RequestSession> = {}): RequestSession => {
  const { code: _code, customerLink: _link, madeAt: _made, ...rest } = session();
  return { ...rest, state: 'intended', ...changes };
};

describe('what the customer reads', () => {
  test('while the first answer is under way', async () => {
    bridge.on('GET /v1/request', () => new Promise<never>(() => undefined));
    await show(<RequestPage />);
    expect(await screen.findByLabelText('Loading')).toBeTruthy();
  });

  test('nothing at the moment: how help comes', async () => {
    answers([]);
    await show(<RequestPage />);
    expect(await heading('No support session at the moment')).toBeTruthy();
    expect(screen.getByText(/their invitation appears here by itself/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('an invitation: who, the button, how long, the code, and what happens then', async () => {
    answers([session()]);
    await show(<RequestPage />);
    expect(await heading(`${robin} wants to help you on your computer`)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Join' })).toBeTruthy();
    expect(screen.getByRole('button', { name: /^Time left: 23 h (10|09)$/ })).toBeTruthy();
    expect(screen.getByText('s12-345-678')).toBeTruthy();
    const steps = within(screen.getByRole('list')).getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(steps).toHaveLength(4);
    expect(steps[0]).toBe('A page of TeamViewer opens in a new tab.');
    expect(steps[2]).toMatch(/^You are asked before anybody sees your screen, and before anybody controls your computer/);
  });

  test('time is counted from the server’s clock, not from this browser’s', async () => {
    const theirs = Date.now() + 90 * 60_000;
    answers([session({ validUntil: at(70, theirs) })], { now: at(0, theirs) });
    await show(<RequestPage />);
    expect(await screen.findByRole('button', { name: /^Time left: 1 h (10|09)$/ })).toBeTruthy();
  });

  const texts: [string, RequestSession, string, RegExp, string[]][] = [
    ['is being prepared', preparing(), `${robin} is preparing a support session for you`, /by itself/, []],
    ['they are in, and nobody is with them yet', session({ state: 'customer_present' }), 'You are connected', /joins you/, ['Open the page of TeamViewer again']],
    ['somebody is with them', session({ state: 'in_progress' }), 'You are connected', new RegExp(`^${robin} is with you`), ['Open the page of TeamViewer again']],
    ['it has ended', ended(), 'This session has ended', /If you still need help/, []],
    ['nobody joined in time', ended({ state: 'expired' }), 'This invitation has expired', /Nobody joined in time/, []],
    ['it could not be made', { ...preparing({ state: 'failed' }), endedAt: at(-1) }, 'This session could not be started', /You did nothing wrong/, []],
    ['it was taken back', { ...preparing({ state: 'closed' }), endedAt: at(-1) }, 'This session was called off', /Nothing happened/, []],
  ];
  test.each(texts)('%s', async (_, one, headline, text, buttons) => {
    answers([one]);
    await show(<RequestPage />);
    expect(await heading(headline)).toBeTruthy();
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.queryAllByRole('button').map(({ textContent }) => textContent)).toEqual(buttons);
    expect(screen.queryByText('s12-345-678')).toBeNull();
  });

  test('its time has passed a moment ago: nothing is offered that leads nowhere', async () => {
    const { customerLink: _link, ...late } = session({ validUntil: at(-1) });
    answers([late]);
    await show(<RequestPage />);
    expect(await heading('This invitation has expired')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Join' })).toBeNull();
    expect(screen.queryByText('s12-345-678')).toBeNull();
  });

  test('time that has passed while they are in: there is no way back to offer', async () => {
    const { customerLink: _link, ...late } = session({ state: 'in_progress', validUntil: at(-1) });
    answers([late]);
    await show(<RequestPage />);
    expect(await heading('You are connected')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('switched off in the project: said in place of the invitation, and where there is none', async () => {
    const { customerLink: _link, ...kept } = session();
    answers([kept], { projectOff: true });
    const { unmount } = await show(<RequestPage />);
    expect(await heading('Remote support is switched off here')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    unmount();
    answers([], { projectOff: true });
    await show(<RequestPage />);
    expect(await heading('Remote support is switched off here')).toBeTruthy();
  });

  test('what goes on stands in full, what ended in a line each; where nothing goes on, the last one in full', async () => {
    const past = [ended({ id: id(2) }), ended({ id: id(3), state: 'expired', supporter: { name: '' }, endedAt: at(-180) })];
    answers([session(), ...past], { cut: true });
    const { unmount } = await show(<RequestPage />);
    await heading(`${robin} wants to help you on your computer`);
    const lines = () => within(screen.getByRole('region', { name: 'Earlier' })).getAllByRole('listitem').map(({ textContent }) => textContent);
    expect(lines()).toEqual([`Session with ${robin} 18 min ago`, 'Invitation from somebody of the support team, expired 3 h ago']);
    expect(screen.getByText('There are more, which are not shown.')).toBeTruthy();
    unmount();
    answers(past);
    await show(<RequestPage />);
    expect(await heading('This session has ended')).toBeTruthy();
    expect(lines()).toHaveLength(1);
    expect(screen.queryByText(/There are more/)).toBeNull();
  });

  test('two at once are both shown, each with its own button', async () => {
    answers([session(), session({ id: id(2), supporter: { name: 'Kim Lund' }, code: 's12-345-679' })]);
    await show(<RequestPage />);
    await heading(`${isolated('Kim Lund')} wants to help you on your computer`);
    expect(screen.getAllByRole('button', { name: 'Join' })).toHaveLength(2);
  });

  test('of an agent whose data was erased no name is left', async () => {
    answers([session({ supporter: { name: '' } })]);
    await show(<RequestPage />);
    expect(await heading('Somebody of the support team wants to help you on your computer')).toBeTruthy();
  });

  test('the provider does not answer: what is shown may be old', async () => {
    answers([session()], { missing: [{ what: 'session_state', why: 'provider_unreachable' }] });
    await show(<RequestPage />);
    expect(await screen.findByText(/TeamViewer does not answer at the moment/)).toBeTruthy();
  });

  test('in French', async () => {
    answers([session()]);
    await show(<RequestPage />, 'fr-FR');
    expect(await heading(`${robin} veut vous aider sur votre ordinateur`)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'Rejoindre' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/cliquez de nouveau sur «\u202fRejoindre\u202f»\.$/));
  });
});

describe('Join', () => {
  test('opens the customer’s link in a new tab, and says where to look', async () => {
    answers([session()]);
    await show(<RequestPage />);
    const button = await screen.findByRole('button', { name: 'Join' });
    await userEvent.click(button);
    await waitFor(() => expect(bridge.opened).toEqual([{ url: 'https://get.teamviewer.example/v15/s12345678', type: 'new-tab' }]));
    expect((await screen.findAllByText(/opens in a new tab\. If you do not see it/)).length).toBeGreaterThan(0);
    expect(document.activeElement).toBe(button);
  });

  test('whoever stays when Jira asks is told that nothing was opened', async () => {
    bridge.staysInJira = true;
    answers([session()]);
    await show(<RequestPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Join' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Nothing was opened: you stayed here. Press “Join” when you are ready.'));
  });
});

describe('what cannot be shown', () => {
  const forTheTeam = () => screen.queryByText(/admin|server|pair/i);

  test.each([['not_found', 404], ['forbidden', 403]] as const)('%s: there is nothing here for them, said without a fuss', async (code, status) => {
    bridge.refuse('GET /v1/request', status, { code, ...(code === 'forbidden' ? { detail: { reason: 'wrong_module' } } : {}) });
    await show(<RequestPage />);
    expect(await screen.findByText('There is no remote support for you on this request.')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    expect(forTheTeam()).toBeNull();
  });

  test.each([['not_paired', 403], ['jira_token_missing', 503]] as const)('%s is said in words for a customer, and asked again on demand', async (code, status) => {
    bridge.refuse('GET /v1/request', status, { code });
    await show(<RequestPage />);
    expect(await screen.findByText(/^Remote support cannot be reached at the moment/)).toBeTruthy();
    expect(forTheTeam()).toBeNull();
    answers([]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await heading('No support session at the moment')).toBeTruthy();
  });
});

describe('what changes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const said = () => screen.getByRole('status').textContent ?? '';
  const pass = (milliseconds = 8_100) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  test('from nothing to an invitation, to being connected, to the end: each is announced, and focus stays where something was', async () => {
    answers([]);
    await show(<RequestPage />);
    await heading('No support session at the moment');
    expect(said()).toBe('');
    answers([session()]);
    await pass();
    await waitFor(() => expect(said()).toMatch(new RegExp(`^${robin} wants to help you on your computer\\. Join when you are ready`)));
    screen.getByRole('button', { name: 'Join' }).focus();
    answers([session({ state: 'customer_present' })]);
    await pass();
    await waitFor(() => expect(said()).toMatch(/^You are connected\. .* joins you/));
    expect(document.activeElement).toBe(screen.getByRole('main'));
    answers([session({ state: 'in_progress' })]);
    await pass();
    await waitFor(() => expect(said()).toMatch(new RegExp(`^You are connected\\. ${robin} is with you`)));
    answers([ended({ endedAt: at(0) })]);
    await pass();
    await waitFor(() => expect(said()).toMatch(/^This session has ended/));
    expect(await heading('This session has ended')).toBeTruthy();
  });

  test('time that goes by is no news', async () => {
    answers([session()]);
    await show(<RequestPage />);
    await screen.findByRole('button', { name: 'Join' });
    await pass(130_000);
    expect(said()).toBe('');
    expect(bridge.called('GET /v1/request').length).toBeGreaterThan(10);
  });

  test('hidden, it asks every 60 s', async () => {
    answers([session()]);
    await show(<RequestPage />);
    await screen.findByRole('button', { name: 'Join' });
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await pass(30_000);
    expect(bridge.called('GET /v1/request')).toHaveLength(1);
    await pass(31_000);
    expect(bridge.called('GET /v1/request')).toHaveLength(2);
  });

  test('a question that fails leaves what is shown, with its age; the way back is one press', async () => {
    answers([session()]);
    await show(<RequestPage />);
    await screen.findByRole('button', { name: 'Join' });
    bridge.cut('GET /v1/request');
    await pass();
    expect((await screen.findAllByText(/^Shown as of/)).length).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Join' })).toBeTruthy();
    answers([session()]);
    await userEvent.setup({ advanceTimers: vi.advanceTimersByTime }).click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull());
  });

  test('what they may not see any more is not shown any longer, and that is said', async () => {
    answers([session()]);
    await show(<RequestPage />);
    await screen.findByRole('button', { name: 'Join' });
    bridge.refuse('GET /v1/request', 404, { code: 'not_found' });
    await pass();
    await waitFor(() => expect(said()).toBe('There is no remote support for you on this request.'));
    expect(screen.queryByText(robin)).toBeNull();
    expect(screen.queryByRole('button', { name: 'Join' })).toBeNull();
  });
});
