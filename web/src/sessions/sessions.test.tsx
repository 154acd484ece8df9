import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../api/types';
import { bridge } from '../test/bridge';
import { at, session } from '../test/fixtures';
import { show } from '../test/render';
import { isolated } from '../ui/words';
import { SessionsPage } from './sessions';

const id = (n: number) => `6f9619ff-8b86-4d01-b42d-00cf4fc964f${n}`;
const mine = (n: number, changes: Partial<Session> = {}) => session({ id: id(n), issueKey: `HELP-${n}`, code: `s12-345-67${n}`, actions: [], ...changes });
const answers = (...sessions: Session[]) => bridge.on('GET /v1/sessions', { now: at(0), sessions });
const groups = () => screen.getAllByRole('region').map((region) => [region.getAttribute('aria-label'), ...within(region).queryAllByRole('listitem').map((line) => line.getAttribute('aria-label'))]);

describe('the states of one’s own page', () => {
  test('while the first answer is under way', async () => {
    bridge.on('GET /v1/sessions', () => new Promise<never>(() => undefined));
    await show(<SessionsPage />);
    expect(await screen.findByLabelText('Loading')).toBeTruthy();
  });

  test('who waits comes first, then what is open, then the recent ones', async () => {
    answers(mine(1), mine(2, { state: 'reported', endedAt: at(-30) }), mine(3, { state: 'customer_present' }), mine(4, { state: 'in_progress' }));
    await show(<SessionsPage />);
    await screen.findByText('Waiting for you');
    expect(groups()).toEqual([
      ['Waiting for you', 'HELP-3, s12-345-673, Customer is waiting'],
      ['Open', 'HELP-1, s12-345-671, Open', 'HELP-4, s12-345-674, In progress'],
      ['Recent', 'HELP-2, s12-345-672, Ended'],
    ]);
    expect(screen.getByRole('button', { name: '30 min ago' })).toBeTruthy();
    expect(screen.getAllByText(`for ${isolated('Ada Moreau')}`)).toHaveLength(4);
    expect(bridge.called('GET /v1/sessions')[0]?.path).toBe('/v1/sessions?scope=mine');
  });

  test('times are counted from the server’s clock, not from this browser’s', async () => {
    const theirs = Date.now() + 90 * 60_000;
    bridge.on('GET /v1/sessions', { now: at(0, theirs), sessions: [mine(1, { validUntil: at(70, theirs) }), mine(2, { state: 'closed', endedAt: at(-18, theirs) })] });
    await show(<SessionsPage />);
    expect(await screen.findByRole('button', { name: '18 min ago' })).toBeTruthy();
    expect(screen.getByRole('button', { name: /^1 h (10|09) left$/ })).toBeTruthy();
  });

  test('the issue is a link that Jira opens; with a modifier key in a new tab', async () => {
    answers(mine(1));
    await show(<SessionsPage />);
    const link = await screen.findByRole('link', { name: 'HELP-1' });
    expect(link.getAttribute('href')).toBe('/browse/HELP-1');
    const user = userEvent.setup();
    await user.click(link);
    await user.keyboard('{Control>}');
    await user.click(link);
    await waitFor(() => expect(bridge.opened).toEqual([{ url: '/browse/HELP-1', type: 'same-tab' }, { url: '/browse/HELP-1', type: 'new-tab' }]));
  });

  test('a session without a code yet, for nobody, only old ones', async () => {
    const { code: _code, customer: _customer, customerLink: _link, ...rest } = mine(1, { state: 'failed' });
    answers(rest);
    await show(<SessionsPage />);
    expect(await screen.findByText('New session')).toBeTruthy();
    expect(screen.getByText('for nobody in particular')).toBeTruthy();
    expect(screen.getByText('No open sessions.')).toBeTruthy();
  });

  test('of an issue that is out of sight: what can be told, and why there is no more', async () => {
    const hidden = (n: number, issueHidden: Session['issueHidden']): Session => {
      const { code: _code, customer: _customer, customerLink: _link, issueKey: _key, ...rest } = mine(n, { description: '', state: 'in_progress' });
      return { ...rest, issueHidden };
    };
    answers(hidden(1, 'out_of_sight'), hidden(2, 'unknown'));
    await show(<SessionsPage />);
    expect(await screen.findByText('An issue you cannot see')).toBeTruthy();
    expect(screen.getByText('Issue not shown: Jira does not say whether you may see it')).toBeTruthy();
    expect(groups()[0]).toEqual(['Open', 'An issue you cannot see, In progress', 'Issue not shown: Jira does not say whether you may see it, In progress']);
    expect(screen.queryByText('for nobody in particular')).toBeNull();
    expect(screen.queryByText('New session')).toBeNull();
  });

  test('where there are older ones, that is said, and only then', async () => {
    bridge.on('GET /v1/sessions', { now: at(0), sessions: [mine(1, { state: 'closed' })], cut: true });
    await show(<SessionsPage />);
    expect(await screen.findByText('Older ones are not shown here. They stand on their issues.')).toBeTruthy();
    answers(mine(2, { state: 'closed' }));
    await userEvent.click(screen.getByRole('button', { name: 'Refresh' }));
    await screen.findByText('s12-345-672');
    expect(screen.queryByText(/Older ones/)).toBeNull();
  });

  test('one that was taken over says by whom, and whose it was', async () => {
    answers(mine(1, { supporter: { id: 'kim', name: 'Kim Lund' }, takenOverFrom: { id: 'robin', name: 'Robin Hale' } }));
    await show(<SessionsPage />);
    expect(await screen.findByText(`Taken over by ${isolated('Kim Lund')}, created by ${isolated('Robin Hale')}`)).toBeTruthy();
  });

  test('nothing yet: where to begin, and the way to the account', async () => {
    answers();
    await show(<SessionsPage />);
    expect(await screen.findByText(/You have no support sessions yet/)).toBeTruthy();
    await userEvent.click(screen.getByRole('button', { name: 'My account' }));
    await waitFor(() => expect(bridge.opened).toEqual([{ url: '/jira/settings/personal/apps/app-1/env-1', type: 'same-tab' }]));
  });

  test('not linked: Connect', async () => {
    bridge.refuse('GET /v1/sessions', 403, { code: 'not_linked', detail: { provider: 'TeamViewer' } });
    await show(<SessionsPage />);
    await userEvent.click(await screen.findByRole('button', { name: 'Connect' }));
    await waitFor(() => expect(bridge.opened).toHaveLength(1));
  });

  test('a failure is said, and Try again works', async () => {
    bridge.cut('GET /v1/sessions');
    await show(<SessionsPage />);
    expect((await screen.findByRole('alert')).textContent).toContain('does not answer');
    answers(mine(1));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('s12-345-671')).toBeTruthy();
  });

  test('in French', async () => {
    answers(mine(1));
    await show(<SessionsPage />, 'fr-FR');
    expect(await screen.findByText(`pour ${isolated('Ada Moreau')}`)).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Ouvertes' })).toBeTruthy();
  });
});

describe('what changes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  test('it asks every 8 s, says who has begun to wait, and focus stays', async () => {
    answers(mine(1));
    await show(<SessionsPage />);
    const link = await screen.findByRole('link', { name: 'HELP-1' });
    link.focus();
    answers(mine(1), mine(2, { state: 'customer_present' }));
    await act(() => vi.advanceTimersByTimeAsync(8_100));
    expect(await screen.findByText('Waiting for you')).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('HELP-2: a customer is waiting'));
    expect(document.activeElement).toBe(link);
  });

  test('hidden, it asks every 60 s', async () => {
    answers(mine(1));
    await show(<SessionsPage />);
    await screen.findByText('s12-345-671');
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    expect(bridge.called('GET /v1/sessions')).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(31_000));
    expect(bridge.called('GET /v1/sessions')).toHaveLength(2);
  });

  test('a question that fails leaves what is shown, with its age', async () => {
    answers(mine(1));
    await show(<SessionsPage />);
    await screen.findByText('s12-345-671');
    bridge.cut('GET /v1/sessions');
    await act(() => vi.advanceTimersByTimeAsync(8_100));
    expect(await screen.findByText(/does not answer.*Shown as of/, { selector: 'footer p' })).toBeTruthy();
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/Shown as of/));
    expect(screen.getByText('s12-345-671')).toBeTruthy();
    answers(mine(1));
    const button = screen.getByRole('button', { name: 'Try again' });
    button.focus();
    await userEvent.setup({ advanceTimers: vi.advanceTimersByTime }).click(button);
    await waitFor(() => expect(screen.queryByText(/Shown as of/, { selector: 'footer p' })).toBeNull());
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Refresh' }));
  });

  test('what the reader may not see any more is not shown any longer', async () => {
    answers(mine(1));
    await show(<SessionsPage />);
    await screen.findByText('s12-345-671');
    bridge.refuse('GET /v1/sessions', 403, { code: 'forbidden' });
    await act(() => vi.advanceTimersByTimeAsync(8_100));
    expect(await screen.findByRole('alert')).toBeTruthy();
    expect(screen.queryByText('s12-345-671')).toBeNull();
  });
});
