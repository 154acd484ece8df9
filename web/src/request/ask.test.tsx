import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Asking, RequestSession } from '../api/types';
import { bridge } from '../test/bridge';
import { at, endedRequestSession as ended, requestSession as session } from '../test/fixtures';
import { show } from '../test/render';
import { RequestPage } from './request';

const answers = (asking: Asking, sessions: RequestSession[] = []) => bridge.on('GET /v1/request', { now: at(0), sessions, asking, missing: [] });
const offered: Asking = { offered: true };
const waiting = (): Asking => ({ offered: false, since: at(-12), own: true });
const heading = (name: string) => screen.findByRole('heading', { level: 2, name });
const askButton = () => screen.queryByRole('button', { name: 'Ask for remote help' });
const said = () => screen.getByRole('status').textContent ?? '';
const kNone = 'No support session at the moment';

describe('asking for help', () => {
  test('offered where nothing goes on, in place of writing', async () => {
    answers(offered);
    await show(<RequestPage />);
    await heading(kNone);
    expect(askButton()).toBeTruthy();
    expect(screen.getByText(/ask for it here\. The support team sees it/)).toBeTruthy();
    expect(screen.queryByText(/write it on this request/)).toBeNull();
  });

  test.each([
    ['ended', ended(), 'This session has ended', 'If you still need help, ask for it here.'],
    ['expired', ended({ state: 'expired' }), 'This invitation has expired', /no longer works\. If you still need help, ask for it here\.$/],
    ['failed', ended({ state: 'failed' }), 'This session could not be started', /You did nothing wrong/],
  ] as const)('offered below one that has %s', async (_, one, headline, text) => {
    answers(offered, [one]);
    await show(<RequestPage />);
    const card = (await heading(headline)).closest('section') as HTMLElement;
    expect(within(card).getByText(text)).toBeTruthy();
    expect(within(card).getByRole('button', { name: 'Ask for remote help' })).toBeTruthy();
  });

  test('not while a session goes on, and not where it is switched off', async () => {
    answers(offered, [session()]);
    const { unmount } = await show(<RequestPage />);
    await screen.findByRole('button', { name: 'Join' });
    expect(askButton()).toBeNull();
    unmount();
    answers({ offered: false });
    await show(<RequestPage />);
    await heading(kNone);
    expect(askButton()).toBeNull();
    expect(screen.getByText(/write it on this request/)).toBeTruthy();
  });

  test('pressed: they wait, which is announced; the answer is asked for anew, and focus stays on the page', async () => {
    answers(offered, [ended()]);
    await show(<RequestPage />);
    await heading('This session has ended');
    bridge.on('POST /v1/requests/ask', () => {
      answers(waiting(), [ended()]);
      return { status: 200, body: waiting() };
    });
    await userEvent.click(screen.getByRole('button', { name: 'Ask for remote help' }));
    await heading('You asked for help');
    await waitFor(() => expect(said()).toBe('You asked for help. The support team sees that you are waiting. Their invitation appears here by itself.'));
    expect(screen.getByRole('button', { name: '12 min ago' })).toBeTruthy();
    expect(within(screen.getByRole('region', { name: 'Earlier' })).getAllByRole('listitem')).toHaveLength(1);
    expect(askButton()).toBeNull();
    await waitFor(() => expect(bridge.called('GET /v1/request')).toHaveLength(2));
    expect(document.activeElement).toBe(screen.getByRole('main'));
  });

  test('an answer that was under way when they asked does not take it back', async () => {
    answers(offered);
    await show(<RequestPage />);
    await heading(kNone);
    let answer: (body: { status: number; body: unknown }) => void = () => undefined;
    bridge.on('GET /v1/request', () => new Promise((resolve) => (answer = resolve)));
    act(() => void document.dispatchEvent(new Event('visibilitychange')));
    bridge.on('POST /v1/requests/ask', waiting());
    await userEvent.click(screen.getByRole('button', { name: 'Ask for remote help' }));
    await heading('You asked for help');
    answers(waiting());
    await act(async () => answer({ status: 200, body: { now: at(0), sessions: [], asking: offered, missing: [] } }));
    await waitFor(() => expect(bridge.called('GET /v1/request')).toHaveLength(3));
    expect(screen.getByRole('heading', { level: 2, name: 'You asked for help' })).toBeTruthy();
  });

  test('withdrawn: they can ask again', async () => {
    answers(waiting());
    await show(<RequestPage />);
    await heading('You asked for help');
    bridge.on('DELETE /v1/requests/ask', () => {
      answers(offered);
      return { status: 200, body: offered };
    });
    await userEvent.click(screen.getByRole('button', { name: 'I do not need help any more' }));
    await heading(kNone);
    await waitFor(() => expect(said()).toMatch(/^No support session at the moment/));
    expect(askButton()).toBeTruthy();
  });

  test('somebody else waits already', async () => {
    answers({ offered: false, since: at(-3), own: false });
    await show(<RequestPage />);
    expect(await screen.findByText('Somebody else on this request has already asked for help.')).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test('too often today: when again', async () => {
    answers({ offered: false, againAt: '2026-03-02T10:00:00Z' });
    await show(<RequestPage />);
    expect(await screen.findByText(/^You have asked five times today\. You can ask again at 11:00/)).toBeTruthy();
    expect(screen.getByText(/write it on this request/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });

  test.each([
    ['asking_off', 403, { code: 'asking_off' }, /^Asking for remote help is not switched on here/],
    ['not_on_request', 403, { code: 'forbidden', detail: { reason: 'not_on_request' } }, /take no part in it/],
    ['asked_too_often', 409, { code: 'asked_too_often', detail: { most: 5 }, retryAfter: 3600 }, /^You have asked 5 times within a day.* again in 1 h/],
    ['anything else, in words for a customer', 503, { code: 'jira_token_missing' }, /^That did not work/],
  ] as const)('refused: %s', async (_, status, error, text) => {
    answers(offered);
    await show(<RequestPage />);
    await heading(kNone);
    bridge.refuse('POST /v1/requests/ask', status, error);
    await userEvent.click(screen.getByRole('button', { name: 'Ask for remote help' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(text);
    expect(document.activeElement).toBe(askButton());
  });

  test('in French', async () => {
    answers(offered);
    const { unmount } = await show(<RequestPage />, 'fr-FR');
    expect(await screen.findByRole('button', { name: 'Demander de l’aide' })).toBeTruthy();
    unmount();
    answers(waiting());
    await show(<RequestPage />, 'fr-FR');
    expect(await heading('Vous avez demandé de l’aide')).toBeTruthy();
  });
});

describe('what comes by itself', () => {
  beforeEach(() => void vi.useFakeTimers({ shouldAdvanceTime: true }));
  afterEach(() => void vi.useRealTimers());

  test('the invitation takes the place of waiting', async () => {
    answers(waiting());
    await show(<RequestPage />);
    await heading('You asked for help');
    answers({ offered: true }, [session()]);
    await act(() => vi.advanceTimersByTimeAsync(8_100));
    expect(await screen.findByRole('button', { name: 'Join' })).toBeTruthy();
    expect(screen.queryByRole('heading', { name: 'You asked for help' })).toBeNull();
    expect(askButton()).toBeNull();
    await waitFor(() => expect(said()).toMatch(/wants to help you on your computer/));
  });
});
