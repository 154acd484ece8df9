import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Queue, QueuedRequest } from '../api/types';
import { bridge } from '../test/bridge';
import { at } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import { QueuePage } from './queue';

const ada = isolated('Ada Moreau');
const robin = isolated('Robin Hale');
const request = (n: number, changes: Partial<QueuedRequest> = {}): QueuedRequest => ({ issue: { id: `100${n}`, key: `HELP-${n}`, summary: `Printer ${n} prints blank pages` }, sessions: 1, validUntil: at(70.5), ...changes });
const asked = (n: number, minutes = 12): QueuedRequest => {
  const { validUntil: _validUntil, ...rest } = request(n, { sessions: 0 });
  return { ...rest, waiting: { since: at(-minutes), why: 'asked', customer: 'Ada Moreau' } };
};
const joined = (n: number, changes: Partial<QueuedRequest> = {}): QueuedRequest => request(n, { waiting: { since: at(-3), why: 'joined', customer: 'Ada Moreau', supporter: 'Robin Hale' }, ...changes });
const answers = (requests: QueuedRequest[], changes: Partial<Queue> = {}) => bridge.on('GET /v1/queue', { now: at(0), requests, missing: [], ...changes });
const away: Queue['missing'] = [{ what: 'issues', why: 'jira_unreachable' }];
const key = (name: string) => screen.findByRole('link', { name });
const line = async (name: string) => within((await key(name)).closest('li') as HTMLElement);
const groups = () => screen.getAllByRole('region').map((region) => [region.getAttribute('aria-label'), ...within(region).queryAllByRole('link').map((link) => link.textContent)]);
const said = () => screen.getByRole('status').textContent ?? '';
const kNone = /^Nobody is waiting\. A request appears here by itself/;

describe('the states of the page among the queues', () => {
  test('while the first answer is under way', async () => {
    bridge.on('GET /v1/queue', () => new Promise<never>(() => undefined));
    await show(<QueuePage />);
    expect(await screen.findByLabelText('Loading')).toBeTruthy();
  });

  test('who waits comes first, as the server orders them, then what is open', async () => {
    answers([asked(4), joined(2), request(1), request(3)]);
    await show(<QueuePage />);
    await key('HELP-4');
    expect(groups()).toEqual([['Waiting for help', 'HELP-4', 'HELP-2'], ['Open sessions', 'HELP-1', 'HELP-3']]);
    expect(screen.queryByText(/Nobody is waiting/)).toBeNull();
    expect(screen.queryByText('Not all are shown here.')).toBeNull();
    expect(screen.getByText('Printer 4 prints blank pages')).toBeTruthy();
  });

  test('who waits, why, and since when', async () => {
    answers([asked(1), joined(2)]);
    await show(<QueuePage />);
    const first = await line('HELP-1');
    expect(first.getByText(`${ada} asked for help in the portal`)).toBeTruthy();
    expect(first.getByRole('button', { name: 'waiting for 12 min' }).title).toMatch(/^Waiting since .*\d/);
    expect(first.queryByText(/open session/)).toBeNull();
    const second = await line('HELP-2');
    expect(second.getByText(`${ada} has joined the session of ${robin}`)).toBeTruthy();
    expect(second.getByRole('button', { name: 'waiting for 3 min' })).toBeTruthy();
    expect(second.queryByText(/open session|left$/)).toBeNull();
  });

  test('beside one who waits, what else goes on there', async () => {
    answers([{ ...asked(1), sessions: 1, inProgress: 'Kim Lund' }, joined(2, { sessions: 2 })]);
    await show(<QueuePage />);
    const first = await line('HELP-1');
    expect(first.getByText('1 open session')).toBeTruthy();
    expect(first.getByText(`${isolated('Kim Lund')} is with the customer`)).toBeTruthy();
    expect((await line('HELP-2')).getByText('2 open sessions')).toBeTruthy();
  });

  test('what is open: how many, and the time left or who is with the customer', async () => {
    answers([request(1), request(2, { sessions: 2, inProgress: 'Robin Hale' })]);
    await show(<QueuePage />);
    const first = await line('HELP-1');
    expect(first.getByText('1 open session')).toBeTruthy();
    expect(first.getByRole('button', { name: '1 h 10 left' }).title).toMatch(/^Valid until /);
    const second = await line('HELP-2');
    expect(second.getByText('2 open sessions')).toBeTruthy();
    expect(second.getByText(`${robin} is with the customer`)).toBeTruthy();
    expect(second.queryByText(/left$/)).toBeNull();
    expect(screen.getByText('Nobody is waiting.')).toBeTruthy();
  });

  test('of people whose data was erased no name is left', async () => {
    answers([joined(1, { waiting: { since: at(-3), why: 'joined', customer: '' } }), request(2, { inProgress: '' })]);
    await show(<QueuePage />);
    expect(await screen.findByText('A customer has joined a support session')).toBeTruthy();
    expect(screen.getByText('An agent is with the customer')).toBeTruthy();
  });

  test('times are counted from the server’s clock, not from this browser’s', async () => {
    const theirs = Date.now() + 90 * 60_000;
    answers([request(1, { waiting: { since: at(-18, theirs), why: 'asked', customer: 'Ada Moreau' } }), request(2, { validUntil: at(30.5, theirs) })], { now: at(0, theirs) });
    await show(<QueuePage />);
    expect(await screen.findByRole('button', { name: 'waiting for 18 min' })).toBeTruthy();
    expect(screen.getByRole('button', { name: '30 min left' })).toBeTruthy();
  });

  test('the request is a link that Jira opens', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    const link = await key('HELP-1');
    expect(link.getAttribute('href')).toBe('/browse/HELP-1');
    await userEvent.click(link);
    await waitFor(() => expect(bridge.opened).toEqual([{ url: '/browse/HELP-1', type: 'same-tab' }]));
  });

  test('nobody waits and nothing is open', async () => {
    answers([]);
    await show(<QueuePage />);
    expect(await screen.findByText(kNone)).toBeTruthy();
    expect(screen.queryByRole('region')).toBeNull();
    expect(screen.getByRole('button', { name: 'Refresh' })).toBeTruthy();
  });

  test('switched off: that is said, and what is still open is shown', async () => {
    answers([], { projectOff: true });
    const { unmount } = await show(<QueuePage />);
    expect(await screen.findByText(/^Remote support is switched off in this project/)).toBeTruthy();
    expect(screen.queryByText(kNone)).toBeNull();
    unmount();
    answers([request(1)], { projectOff: true });
    await show(<QueuePage />);
    await key('HELP-1');
    expect(groups()).toEqual([['Open sessions', 'HELP-1']]);
  });

  test('where there are more, that is said, and that nobody waits is not', async () => {
    answers([request(1)], { cut: true });
    await show(<QueuePage />);
    expect(await screen.findByText('Not all are shown here.')).toBeTruthy();
    expect(screen.queryByText(/Nobody is waiting/)).toBeNull();
  });

  test.each([
    ['session_state', 'provider_unreachable', 'TeamViewer does not answer. The states of the sessions are the last known ones.', true],
    ['issues', 'jira_unreachable', 'Jira does not answer the Belay server. Which requests you may see is not known at the moment, so not all are shown.', false],
  ] as const)('what is missing stands at the end: %s', async (what, why, text, nobody) => {
    answers([], { missing: [{ what, why }] });
    await show(<QueuePage />);
    expect(await screen.findByText(text, { selector: 'footer p' })).toBeTruthy();
    expect(screen.queryByText(kNone) !== null).toBe(nobody);
  });

  test.each([
    ['no agent here', 403, { code: 'forbidden', detail: { reason: 'not_agent' } }, /^You are no agent of this project/],
    ['in none of the groups', 403, { code: 'forbidden', detail: { reason: 'not_in_allowed_groups' } }, /limited sessions to certain groups/],
    ['from another page', 403, { code: 'forbidden', detail: { reason: 'wrong_module' } }, /^This page cannot do that/],
    ['a project that they do not see', 404, { code: 'not_found' }, /^Jira does not show you this project/],
  ] as const)('refused: %s', async (_, status, error, text) => {
    bridge.refuse('GET /v1/queue', status, error);
    await show(<QueuePage />);
    expect((await screen.findByRole('alert')).textContent).toMatch(text);
  });

  test('a failure is said, and Try again works', async () => {
    bridge.cut('GET /v1/queue');
    await show(<QueuePage />);
    expect((await screen.findByRole('alert')).textContent).toContain('does not answer');
    answers([asked(1)]);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await key('HELP-1')).toBeTruthy();
  });

  test('in French', async () => {
    answers([asked(1), joined(2), request(3, { sessions: 2, inProgress: 'Robin Hale' })]);
    await show(<QueuePage />, 'fr-FR');
    expect(await screen.findByText(`${ada} a demandé de l’aide dans le portail`)).toBeTruthy();
    expect(screen.getByText(`${ada} a rejoint la session de ${robin}`)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'attend depuis 12 min' })).toBeTruthy();
    expect(screen.getByText('2 sessions ouvertes')).toBeTruthy();
    expect(groups().map(([title]) => title)).toEqual(['En attente d’aide', 'Sessions ouvertes']);
  });
});

describe('what changes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());
  const pass = (milliseconds = 8_100) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

  test('it asks every 8 s, says where a customer has begun to wait, and focus stays', async () => {
    answers([request(1), request(2)]);
    await show(<QueuePage />);
    const link = await key('HELP-1');
    link.focus();
    answers([joined(2), asked(3), request(1)]);
    await pass();
    expect(await screen.findByText('Waiting for help')).toBeTruthy();
    await waitFor(() => expect(said()).toBe('HELP-2: a customer is waiting. HELP-3: a customer is waiting'));
    expect(document.activeElement).toBe(link);
  });

  test('who waits when the page opens is no news, nor is time that goes by', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    await key('HELP-1');
    await pass(130_000);
    expect(said()).toBe('');
    expect(bridge.called('GET /v1/queue').length).toBeGreaterThan(10);
  });

  test('who was left out while Jira did not answer is no news on coming back', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    await key('HELP-1');
    answers([], { missing: away });
    await pass();
    await waitFor(() => expect(said()).toMatch(/^Jira does not answer/));
    await pass(12_000);
    answers([asked(1), asked(2)]);
    await pass();
    await waitFor(() => expect(said()).toBe('HELP-2: a customer is waiting'));
  });

  test('hidden, it asks every 60 s', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    await key('HELP-1');
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await pass(30_000);
    expect(bridge.called('GET /v1/queue')).toHaveLength(1);
    await pass(31_000);
    expect(bridge.called('GET /v1/queue')).toHaveLength(2);
  });

  test('a question that fails leaves what is shown, with its age, and says so; a try that fails too says it again', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    await key('HELP-1');
    bridge.cut('GET /v1/queue');
    await pass();
    expect(await screen.findByText(/does not answer.*Shown as of/, { selector: 'footer p' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'HELP-1' })).toBeTruthy();
    await waitFor(() => expect(said()).toMatch(/Shown as of/));
    await act(() => vi.advanceTimersByTimeAsync(10_100));
    expect(said()).toBe('');
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const button = screen.getByRole('button', { name: 'Try again' });
    await user.click(button);
    await waitFor(() => expect(said()).toMatch(/Shown as of/));
    answers([asked(1)]);
    await user.click(button);
    await waitFor(() => expect(screen.queryByText(/Shown as of/, { selector: 'footer p' })).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Refresh' }));
  });

  test('what the reader may not see any more is not shown any longer', async () => {
    answers([asked(1)]);
    await show(<QueuePage />);
    await key('HELP-1');
    bridge.refuse('GET /v1/queue', 403, { code: 'forbidden', detail: { reason: 'not_agent' } });
    await pass();
    expect((await screen.findByRole('alert')).textContent).toMatch(/^You are no agent/);
    expect(screen.queryByRole('link')).toBeNull();
  });
});
